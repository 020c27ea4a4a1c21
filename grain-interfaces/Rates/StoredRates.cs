namespace OrleansCallback.Rates;

/// <summary>A version of a deck without its lines.</summary>
/// <param name="Deck">The deck.</param>
/// <param name="Number">From 1 in the order of the imports.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TimeZone">The zone of its hours: an IANA name.</param>
/// <param name="ValidFrom">When it takes over from the version before.</param>
/// <param name="ValidTo">When it ends; null: when another takes over.</param>
[GenerateSerializer, Immutable, Alias("DeckVersion")]
public sealed record DeckVersion(
    [property: Id(0)] string Deck,
    [property: Id(1)] int Number,
    [property: Id(2)] string Currency,
    [property: Id(3)] string TimeZone,
    [property: Id(4)] DateTimeOffset ValidFrom,
    [property: Id(5)] DateTimeOffset? ValidTo)
{
    /// <summary>How calls name it.</summary>
    public string Name => FormattableString.Invariant($"{Deck}@{Number}");

    /// <summary>
    /// Of several versions of one deck the one in force at a moment: the one that took over last; of those that took over at once, the one that
    /// was imported last.
    /// </summary>
    public static DeckVersion? InForce(IEnumerable<DeckVersion> versions, DateTimeOffset at) => versions
        .Where(version => version.ValidFrom <= at && !(version.ValidTo <= at))
        .MaxBy(version => (version.ValidFrom, version.Number));
}

/// <summary>A version as it is stored.</summary>
/// <param name="Version">The version.</param>
/// <param name="Lines">How many lines it has.</param>
/// <param name="ImportedBy">The account of who imported it.</param>
/// <param name="ImportedAt">When, on the database's clock.</param>
/// <param name="UsedAt">When a silo took it into use; null: none has.</param>
[GenerateSerializer, Immutable, Alias("StoredVersion")]
public sealed record StoredVersion(
    [property: Id(0)] DeckVersion Version,
    [property: Id(1)] int Lines,
    [property: Id(2)] string ImportedBy,
    [property: Id(3)] DateTimeOffset ImportedAt,
    [property: Id(4)] DateTimeOffset? UsedAt);

/// <summary>What is stored of a site's rates, the lines aside.</summary>
/// <param name="Revision">Rises with each change.</param>
/// <param name="Versions">All versions, by deck and number.</param>
/// <param name="Assignments">All assignments.</param>
[GenerateSerializer, Immutable, Alias("StoredRates")]
public sealed record StoredRates(
    [property: Id(0)] long Revision,
    [property: Id(1)] IReadOnlyList<StoredVersion> Versions,
    [property: Id(2)] IReadOnlyList<DeckAssignment> Assignments);

/// <summary>What became of the deletion of a version.</summary>
[GenerateSerializer, Alias("RemovedVersion")]
public enum RemovedVersion
{
    /// <summary>It is gone.</summary>
    Removed,
    /// <summary>There is no such version.</summary>
    Unknown,
    /// <summary>It is used and stays.</summary>
    Used,
}
