using OrleansCallback.Calls;

namespace OrleansCallback.Rates;

/// <summary>A site's decks and what they are assigned to; a stateless worker, key: the site.</summary>
[Alias("IRatesGrain")]
public interface IRatesGrain : IGrainWithStringKey
{
    /// <summary>All versions and assignments, and the names of the versions in force.</summary>
    [Alias("List")]
    Task<(StoredRates Rates, IReadOnlyList<string> InForce)> List();

    /// <summary>A page of a version's file from after a line on; null if there is no such version.</summary>
    [Alias("Page")]
    Task<DeckPage?> Page(string deck, int version, int after);

    /// <summary>Deletes a version that is not used.</summary>
    [Alias("Remove")]
    Task<RemovedVersion> Remove(string deck, int version);

    /// <summary>Assigns a deck; false if it has no version.</summary>
    [Alias("Assign")]
    Task<bool> Assign(DeckAssignment assignment);

    /// <summary>Takes an assignment away; false if there was none.</summary>
    [Alias("Unassign")]
    Task<bool> Unassign(string trunk, Payer? payer);
}

/// <summary>A piece of a version's file.</summary>
/// <param name="Text">Whole lines; the first page has the columns' names.</param>
/// <param name="Last">The line to go on after; null: this is the end.</param>
[GenerateSerializer, Immutable, Alias("DeckPage")]
public sealed record DeckPage([property: Id(0)] string Text, [property: Id(1)] int? Last);
