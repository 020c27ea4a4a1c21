using OrleansCallback.Calls;
using OrleansCallback.Terminals;

namespace OrleansCallback.Rates;

/// <summary>The decks of a site as they are in force now and soon: pure and immutable.</summary>
public sealed class RateBook
{
    /// <summary>No decks: every trunk has its flat rate.</summary>
    public static readonly RateBook Empty = new(0, [], [], DateTimeOffset.MaxValue);

    readonly Dictionary<(string Trunk, Payer? Payer), string> assigned;
    readonly Dictionary<string, LoadedVersion[]> decks;

    /// <summary>Puts the book together.</summary>
    /// <param name="revision">What of the store it was made from.</param>
    /// <param name="assignments">Which deck prices what.</param>
    /// <param name="versions">All versions that are in force at any moment from now to before <paramref name="goodUntil"/>.</param>
    /// <param name="goodUntil">From then on another version may be in force that is not here.</param>
    public RateBook(long revision, IEnumerable<DeckAssignment> assignments, IEnumerable<LoadedVersion> versions, DateTimeOffset goodUntil)
    {
        (Revision, GoodUntil) = (revision, goodUntil);
        assigned = assignments.ToDictionary(assignment => (assignment.Trunk, assignment.Payer), assignment => assignment.Deck);
        decks = versions.GroupBy(version => version.Version.Deck).ToDictionary(deck => deck.Key, deck => deck.ToArray());
    }

    /// <summary>What of the store it was made from.</summary>
    public long Revision { get; }

    /// <summary>The moment from which on it may price nothing.</summary>
    public DateTimeOffset GoodUntil { get; }

    /// <summary>The prices of a call; null if a leg has no trunk with a rate.</summary>
    /// <param name="flat">The trunks' flat rates, for those that no deck is assigned to.</param>
    /// <param name="payer">The class of the payer.</param>
    /// <param name="a">Leg A.</param>
    /// <param name="b">Leg B.</param>
    /// <param name="at">The moment whose rates count for the whole call.</param>
    public RateCard? Price(FlatRates flat, Payer payer, LegRoute a, LegRoute b, DateTimeOffset at)
    {
        var (ratesA, ratesB) = (Rates(flat, payer, a, at), Rates(flat, payer, b, at));
        return ratesA.Count == 0 || ratesB.Count == 0 ? null : new(at, ratesA, ratesB);
    }

    List<TrunkRate> Rates(FlatRates flat, Payer payer, LegRoute leg, DateTimeOffset at) =>
        [.. leg.Trunks.Select(trunk => Rate(flat, payer, trunk, leg.Number, at)).OfType<TrunkRate>()];

    TrunkRate? Rate(FlatRates flat, Payer payer, string trunk, PhoneNumber number, DateTimeOffset at)
    {
        if (DeckOf(trunk, payer) is not { } deck) return flat.Of(trunk);
        var versions = decks.GetValueOrDefault(deck, []);
        var inForce = DeckVersion.InForce(versions.Select(version => version.Version), at);
        return versions.FirstOrDefault(version => version.Version == inForce)?.Of(trunk, number, at);
    }

    /// <summary>What names the trunk goes before what names all, and then what names the payers' class before what is for all.</summary>
    string? DeckOf(string trunk, Payer payer)
    {
        var named = FlowRoute.Has(trunk) ? DeckAssignment.Terminals : trunk;
        return Of(named) ?? (named == DeckAssignment.Terminals ? null : Of(DeckAssignment.AllTrunks));

        string? Of(string name) => assigned.GetValueOrDefault((name, payer)) ?? assigned.GetValueOrDefault((name, null));
    }
}

/// <summary>A leg to be priced.</summary>
/// <param name="Number">The number to be rung.</param>
/// <param name="Trunks">The trunks that may carry it, in the order in which they are tried.</param>
public sealed record LegRoute(PhoneNumber Number, IReadOnlyList<string> Trunks);
