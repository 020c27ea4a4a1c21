using OrleansCallback.Rates;
using OrleansCallback.Trunks;

namespace OrleansCallback.Tests.Rates;

public sealed class FlatRatesTests
{
    [Fact]
    public void The_version_changes_with_any_rate_and_with_nothing_else()
    {
        Assert.Equal(Rates(5, 7).Version, Rates(5, 7).Version);
        Assert.NotEqual(Rates(5, 7).Version, Rates(5, 8).Version);
        Assert.Null(Rates(5, -1).Of("b"));
    }

    [Fact]
    public void A_second_of_a_flat_rate_costs_its_price_to_the_unit() =>
        Assert.Equal(3 * 7, Pricing.Of(Rates(5, 7).Of("b")!.Rate, 3).Micros);

    static FlatRates Rates(long a, long b) =>
        new(new Dictionary<string, TrunkOptions> { ["a"] = new() { RatePerSecond = a }, ["b"] = new() { RatePerSecond = b } });
}
