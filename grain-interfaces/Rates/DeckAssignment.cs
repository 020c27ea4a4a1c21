using OrleansCallback.Calls;

namespace OrleansCallback.Rates;

/// <summary>Which deck prices the legs over a trunk for a class of payers.</summary>
/// <param name="Trunk">A trunk's id, <see cref="AllTrunks"/> or <see cref="Terminals"/>.</param>
/// <param name="Payer">The class of payers; null: all.</param>
/// <param name="Deck">The deck.</param>
[GenerateSerializer, Immutable, Alias("DeckAssignment")]
public sealed record DeckAssignment([property: Id(0)] string Trunk, [property: Id(1)] Payer? Payer, [property: Id(2)] string Deck)
{
    /// <summary>All trunks that no assignment names; not terminals.</summary>
    public const string AllTrunks = "all";

    /// <summary>Legs to registered terminals.</summary>
    public const string Terminals = "terminals";
}
