namespace OrleansCallback.Rates;

/// <summary>
/// The prices of one call, frozen with its hold. What is held covers the dearest trunk that a leg may come to; what is charged is the price of
/// the trunk that carried it.
/// </summary>
/// <param name="Version">Version of the deck that they are from.</param>
/// <param name="LegA">A second of leg A at the most.</param>
/// <param name="LegB">A second of leg B at the most.</param>
public sealed record RateCard(string Version, Money LegA, Money LegB)
{
    /// <summary>A second over each trunk that the call may use.</summary>
    public IReadOnlyDictionary<string, Money> Trunks { get; init; } = new Dictionary<string, Money>();

    /// <summary>The same card with the prices of the trunks that carried the legs.</summary>
    public RateCard Over(string? trunkA, string? trunkB) => this with { LegA = Of(trunkA, LegA), LegB = Of(trunkB, LegB) };

    Money Of(string? trunk, Money most) => trunk is not null && Trunks.TryGetValue(trunk, out var rate) ? rate : most;

    /// <summary>Worst price of a second of the call: both legs up.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Money PerSecond => LegA + LegB;

    /// <summary>The charge for what was proven to be talked: whole seconds of each leg, begun ones counted, at most what is held.</summary>
    public Charge For(TimeSpan? talkA, TimeSpan? talkB, Money held)
    {
        var a = LegA * WholeSeconds(talkA);
        var b = LegB * WholeSeconds(talkB);
        var total = a + b <= held ? a + b : held;
        var partA = a <= total ? a : total;
        return new(total, partA, total - partA);
    }

    static long WholeSeconds(TimeSpan? talk) =>
        talk is { Ticks: > 0 } time ? (time.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond : 0;
}

/// <summary>A charge and each leg's part of it.</summary>
public sealed record Charge(Money Total, Money LegA, Money LegB)
{
    /// <summary>Nothing.</summary>
    public static readonly Charge None = new(Money.Zero, Money.Zero, Money.Zero);
}
