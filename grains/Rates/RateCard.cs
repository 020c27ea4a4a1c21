using System.Text.Json.Serialization;
using OrleansCallback.Calls;

namespace OrleansCallback.Rates;

/// <summary>
/// The prices of one call, frozen when it is admitted: for each leg the rates of the trunks that it may come to, in the order in which they are
/// tried. What is held covers the worst of them; what is charged is the rate of the trunk that carried the leg.
/// </summary>
/// <param name="At">The moment whose rates they are, for the whole call.</param>
/// <param name="A">Rates of leg A; never none.</param>
/// <param name="B">Rates of leg B; never none.</param>
public sealed record RateCard(DateTimeOffset At, IReadOnlyList<TrunkRate> A, IReadOnlyList<TrunkRate> B)
{
    /// <summary>The versions of all decks that it is from.</summary>
    [JsonIgnore]
    public string Versions => string.Join('+', A.Concat(B).Select(rate => rate.Version).Distinct());

    /// <summary>What a hold must cover the worst of.</summary>
    [JsonIgnore]
    public GrantPrice Grant => new([.. A.Select(rate => rate.Rate).Distinct()], [.. B.Select(rate => rate.Rate).Distinct()]);

    /// <summary>The trunks that a leg may come to.</summary>
    public IReadOnlyList<string> Route(CallLeg leg) => [.. Rates(leg).Select(rate => rate.Trunk)];

    /// <summary>The rate of a leg on a trunk of its route.</summary>
    public TrunkRate Of(CallLeg leg, string trunk) =>
        Rates(leg).FirstOrDefault(rate => rate.Trunk == trunk)
        ?? throw new InvalidOperationException($"Leg {leg} is on trunk {trunk}, of which the call froze no rate ({string.Join(", ", Route(leg))}).");

    IReadOnlyList<TrunkRate> Rates(CallLeg leg) => leg == CallLeg.A ? A : B;
}

/// <summary>The rate of one trunk for the number of a leg.</summary>
/// <param name="Trunk">The trunk.</param>
/// <param name="Version">The version of the deck that the rate is from: <c>retail@3</c>.</param>
/// <param name="Prefix">The prefix by which it was found; <c>+</c>: all numbers.</param>
/// <param name="Rate">The rate.</param>
public sealed record TrunkRate(string Trunk, string Version, string Prefix, Rate Rate);
