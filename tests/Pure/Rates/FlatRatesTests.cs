using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Trunks;

namespace OrleansCallback.Tests.Rates;

public sealed class FlatRatesTests
{
    static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_version_changes_with_any_rate_and_with_nothing_else()
    {
        Assert.Equal(Rates(5, 7).Version, Rates(5, 7).Version);
        Assert.NotEqual(Rates(5, 7).Version, Rates(5, 8).Version);
        Assert.Null(Rates(5, -1).Price(["a"], ["b"], Noon));
    }

    [Fact]
    public void A_hold_covers_the_dearest_trunk_and_a_charge_is_of_the_trunk_that_carried()
    {
        var card = Rates(5, 7).Price(["a", "b"], ["a"], Noon)!;
        Assert.Equal(new(12), WorstPrice.Of(card.Grant, 1));
        Assert.Equal(new Money(300), card.Of(CallLeg.A, "a").Rate.PerMinute);
        Assert.Throws<InvalidOperationException>(() => card.Of(CallLeg.B, "b"));
        Assert.Equal(["a"], Rates(5, -1).Price(["b", "a"], ["a"], Noon)!.Route(CallLeg.A));
    }

    [Fact]
    public void A_second_of_a_flat_rate_costs_its_price_to_the_unit() =>
        Assert.Equal(3 * 7, Pricing.Of(Rates(5, 7).Of("b")!.Rate, 3).Micros);

    static FlatRates Rates(long a, long b) =>
        new(new Dictionary<string, TrunkOptions> { ["a"] = new() { RatePerSecond = a }, ["b"] = new() { RatePerSecond = b } });
}
