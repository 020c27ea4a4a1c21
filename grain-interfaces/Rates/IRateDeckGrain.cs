namespace OrleansCallback.Rates;

/// <summary>
/// Takes a deck's file piece by piece and makes a version of it; one file at a time. Key: <see cref="GrainKeys.RateDeck"/>.
/// </summary>
[Alias("IRateDeckGrain")]
public interface IRateDeckGrain : IGrainWithStringKey
{
    /// <summary>Begins a file. One that was begun before and is not finished is dropped.</summary>
    [Alias("Begin")]
    Task Begin(Guid file);

    /// <summary>The next piece of a file, at most <see cref="DeckUpload.LargestPiece"/>. False: another file was begun, or it is too large.</summary>
    [Alias("Add")]
    Task<bool> Add(Guid file, byte[] piece);

    /// <summary>Reads the file and stores it as a new version, or tells what that would change.</summary>
    [Alias("Finish"), ResponseTimeout("00:02:00")]
    Task<DeckImported> Finish(Guid file, DeckTerms terms);
}

/// <summary>The bounds of a file on its way.</summary>
public static class DeckUpload
{
    /// <summary>Most bytes of a piece.</summary>
    public const int LargestPiece = 256 * 1024;

    /// <summary>Most bytes of a file.</summary>
    public const int LargestFile = 32 * 1024 * 1024;
}

/// <summary>What an import is told besides the file.</summary>
/// <param name="Currency">The site's currency (ISO 4217).</param>
/// <param name="TimeZone">The zone of its hours and days: an IANA name.</param>
/// <param name="ValidFrom">When it takes over; null: now.</param>
/// <param name="ValidTo">When it ends; null: when another takes over.</param>
/// <param name="By">The account of who imports it.</param>
/// <param name="DryRun">Nothing is stored.</param>
[GenerateSerializer, Immutable, Alias("DeckTerms")]
public sealed record DeckTerms(
    [property: Id(0)] string Currency,
    [property: Id(1)] string TimeZone,
    [property: Id(2)] string? ValidFrom,
    [property: Id(3)] string? ValidTo,
    [property: Id(4)] string By,
    [property: Id(5)] bool DryRun);

/// <summary>What became of an import.</summary>
[GenerateSerializer, Immutable, Alias("DeckImported")]
public sealed record DeckImported
{
    /// <summary>What became of it.</summary>
    [Id(0)] public required DeckImportResult Result { get; init; }

    /// <summary>What is wrong with the terms, in a sentence.</summary>
    [Id(1)] public string? Wrong { get; init; }

    /// <summary>How many errors the file has.</summary>
    [Id(2)] public int ErrorCount { get; init; }

    /// <summary>The first of them.</summary>
    [Id(3)] public IReadOnlyList<DeckError> Errors { get; init; } = [];

    /// <summary>The version; its number is 0 if nothing was stored.</summary>
    [Id(4)] public DeckVersion? Version { get; init; }

    /// <summary>The number of the version that it takes over from; null: there is none.</summary>
    [Id(5)] public int? ComparedWith { get; init; }

    /// <summary>Lines that are new, of those that it has.</summary>
    [Id(6)] public int Added { get; init; }

    /// <summary>Lines whose terms are others.</summary>
    [Id(7)] public int Changed { get; init; }

    /// <summary>Lines of the version before that are not there any more.</summary>
    [Id(8)] public int Removed { get; init; }

    /// <summary>Lines that stay as they are.</summary>
    [Id(9)] public int Unchanged { get; init; }

    /// <summary>The first lines of each kind.</summary>
    [Id(10)] public IReadOnlyList<DeckSample> Samples { get; init; } = [];
}

/// <summary>What became of an import.</summary>
[GenerateSerializer, Alias("DeckImportResult")]
public enum DeckImportResult
{
    /// <summary>It is a version.</summary>
    Stored,
    /// <summary>It could be one; nothing was stored.</summary>
    Compared,
    /// <summary>A term cannot be used; the file was not read.</summary>
    WrongTerms,
    /// <summary>The file has errors; nothing was stored.</summary>
    WrongFile,
    /// <summary>Another file of the deck was begun in between; nothing was stored.</summary>
    Overtaken,
}

/// <summary>A line that is new, changed or gone, by the names of the file's columns; those that say nothing are left out.</summary>
/// <param name="Before">As it was; null: it is new.</param>
/// <param name="After">As it will be; null: it is gone.</param>
[GenerateSerializer, Immutable, Alias("DeckSample")]
public sealed record DeckSample(
    [property: Id(0)] IReadOnlyDictionary<string, string>? Before, [property: Id(1)] IReadOnlyDictionary<string, string>? After);
