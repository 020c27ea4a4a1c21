namespace OrleansCallback.Rates;

/// <summary>The prices of one call, frozen with its hold.</summary>
/// <param name="Version">Version of the deck that they are from.</param>
/// <param name="LegA">A second of leg A.</param>
/// <param name="LegB">A second of leg B.</param>
public sealed record RateCard(string Version, Money LegA, Money LegB)
{
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
