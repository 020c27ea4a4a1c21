using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Web.Errors;

namespace OrleansCallback.Web.Rates;

/// <summary>All decks of a site.</summary>
/// <param name="Decks">By name.</param>
/// <param name="Assignments">What they are assigned to. A trunk without an assignment has its flat rate.</param>
/// <param name="Revision">Rises with each change; the metric <c>callback_rate_revision</c> of each silo says which one is in force there.</param>
public sealed record RatesBody(IReadOnlyList<DeckBody> Decks, IReadOnlyList<AssignmentBody> Assignments, long Revision)
{
    /// <summary>The decks as the API shows them.</summary>
    public static RatesBody From(StoredRates stored, IReadOnlyList<string> inForce) => new(
        [
            .. stored.Versions.GroupBy(version => version.Version.Deck).Select(deck => new DeckBody(
                deck.Key, [.. deck.Select(version => DeckVersionBody.From(version, inForce))])),
        ],
        [.. stored.Assignments.Select(assignment => new AssignmentBody(
            assignment.Trunk, assignment.Payer is { } payer ? WireName.Of(payer) : "all", assignment.Deck))],
        stored.Revision);
}

/// <summary>A deck.</summary>
/// <param name="Deck">Its name.</param>
/// <param name="Versions">In the order of their imports.</param>
public sealed record DeckBody(string Deck, IReadOnlyList<DeckVersionBody> Versions);

/// <summary>A version of a deck.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Name">How calls name it.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TimeZone">The zone of its hours and days.</param>
/// <param name="ValidFrom">When it takes over from the version before (UTC).</param>
/// <param name="ValidTo">When it ends (UTC); null: when another takes over.</param>
/// <param name="InForce">Whether it is in force now.</param>
/// <param name="Lines">How many lines it has.</param>
/// <param name="ImportedBy">Who imported it.</param>
/// <param name="ImportedAt">When (UTC).</param>
/// <param name="UsedAt">When a silo took it into use (UTC), from when on it can never be deleted; null: none has.</param>
public sealed record DeckVersionBody(
    int Version,
    string Name,
    string Currency,
    string TimeZone,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo,
    bool InForce,
    int Lines,
    string ImportedBy,
    DateTimeOffset ImportedAt,
    DateTimeOffset? UsedAt)
{
    /// <summary>The version as the API shows it.</summary>
    public static DeckVersionBody From(StoredVersion stored, IReadOnlyList<string> inForce)
    {
        var version = stored.Version;
        return new(
            version.Number, version.Name, version.Currency, version.TimeZone, version.ValidFrom, version.ValidTo, inForce.Contains(version.Name),
            stored.Lines, stored.ImportedBy, stored.ImportedAt, stored.UsedAt);
    }
}

/// <summary>Which deck prices what.</summary>
/// <param name="Trunk">A trunk's id, <c>all</c> or <c>terminals</c>.</param>
/// <param name="Payer">member, merchant, sponsor or all.</param>
/// <param name="Deck">The deck.</param>
public sealed record AssignmentBody(string Trunk, string Payer, string Deck);

/// <summary>An assignment as it is written.</summary>
/// <param name="Deck">The deck.</param>
public sealed record AssignDeckBody(string Deck);

/// <summary>What an import made, or would make.</summary>
/// <param name="Version">The version's number; null: nothing was stored.</param>
/// <param name="Name">How calls name it; null: nothing was stored.</param>
/// <param name="TimeZone">The zone of its hours and days.</param>
/// <param name="ValidFrom">When it takes over (UTC).</param>
/// <param name="ValidTo">When it ends (UTC).</param>
/// <param name="ComparedWith">The number of the version that it takes over from; null: there is none.</param>
/// <param name="Added">Lines that are new.</param>
/// <param name="Changed">Lines whose terms are others.</param>
/// <param name="Removed">Lines that are not there any more.</param>
/// <param name="Unchanged">Lines that stay as they are.</param>
/// <param name="Samples">The first lines of each kind.</param>
public sealed record DeckImportBody(
    int? Version,
    string? Name,
    string TimeZone,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo,
    int? ComparedWith,
    int Added,
    int Changed,
    int Removed,
    int Unchanged,
    IReadOnlyList<DeckSampleBody> Samples)
{
    /// <summary>The import as the API shows it.</summary>
    public static DeckImportBody From(DeckImported imported, DeckVersion version) => new(
        version.Number > 0 ? version.Number : null, version.Number > 0 ? version.Name : null, version.TimeZone, version.ValidFrom, version.ValidTo,
        imported.ComparedWith, imported.Added, imported.Changed, imported.Removed, imported.Unchanged,
        [.. imported.Samples.Select(sample => new DeckSampleBody(sample.Before, sample.After))]);
}

/// <summary>A line that is new, changed or gone, by the names of the file's columns; those that say nothing are left out.</summary>
/// <param name="Before">As it was; null: it is new.</param>
/// <param name="After">As it will be; null: it is gone.</param>
public sealed record DeckSampleBody(IReadOnlyDictionary<string, string>? Before, IReadOnlyDictionary<string, string>? After);

/// <summary>What is wrong with a file.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column; null: the line as a whole.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Problem">What is wrong and what to write.</param>
public sealed record DeckErrorBody(int Line, string? Column, string? Value, string Problem)
{
    /// <summary>The refusal that tells all of it.</summary>
    public static Refusal Refusal(DeckImported imported) => new(Problems.InvalidDeck)
    {
        Detail = FormattableString.Invariant($"The file has {imported.ErrorCount} errors, of which {imported.Errors.Count} are told; nothing was stored."),
        More = new Dictionary<string, object?>
        {
            ["error_count"] = imported.ErrorCount,
            ["errors"] = imported.Errors.Select(error => new DeckErrorBody(error.Line, error.Column, error.Value, error.Problem)).ToList(),
        },
    };
}
