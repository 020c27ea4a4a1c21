using CsCheck;
using OrleansCallback.Rates;
using OrleansCallback.Trunks;

namespace OrleansCallback.Tests.Rates;

public sealed class RateTests
{
    static readonly Gen<TimeSpan?> Talk = Gen.Select(Gen.Bool, Gen.Long[0, 36_000_000_000]).Select((talked, ticks) => talked ? TimeSpan.FromTicks(ticks) : (TimeSpan?)null);

    [Fact]
    public void The_charge_is_the_reference_rater_s() =>
        Gen.Select(Talk, Talk, Gen.Long[0, 1_000_000], Gen.Long[0, 1_000_000], Gen.Long[0, 5_000_000_000]).Sample((a, b, rateA, rateB, held) =>
        {
            var charge = new RateCard("v", new(rateA), new(rateB)).For(a, b, new(held));
            Assert.Equal(Reference(a, b, rateA, rateB, held), charge.Total.Micros);
            Assert.Equal(charge.Total, charge.LegA + charge.LegB);
            Assert.True(charge.Total.Micros <= held && charge.LegA >= Money.Zero && charge.LegB >= Money.Zero);
        });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1_000, 1)]
    [InlineData(1_001, 2)]
    [InlineData(59_999, 60)]
    public void A_begun_second_counts(int milliseconds, long seconds) =>
        Assert.Equal(seconds * 3, new RateCard("v", new(3), new(5)).For(TimeSpan.FromMilliseconds(milliseconds), null, new(1_000_000)).Total.Micros);

    [Fact]
    public void The_version_changes_with_any_rate_and_with_nothing_else()
    {
        Assert.Equal(Deck(5, 7).Version, Deck(5, 7).Version);
        Assert.NotEqual(Deck(5, 7).Version, Deck(5, 8).Version);
        Assert.Null(Deck(5, -1).Price(["a"], ["b"]));
        Assert.Equal(new(12), Deck(5, 7).Price(["a"], ["b"])!.PerSecond);
    }

    [Fact]
    public void A_hold_covers_the_dearest_trunk_and_a_charge_is_of_the_trunk_that_carried()
    {
        var card = Deck(5, 7).Price(["a", "b"], ["a"])!;
        Assert.Equal((new Money(7), new Money(5)), (card.LegA, card.LegB));
        Assert.Equal((new Money(5), new Money(5)), (card.Over("a", "a").LegA, card.Over("a", "a").LegB));
        Assert.Equal(["a"], Deck(5, -1).Rated(["b", "a"]));
    }

    [Fact]
    public void A_shorter_slice_is_renewed_when_a_third_of_it_is_left()
    {
        var (slice, whole) = (TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(75));
        Assert.Equal(whole, GrantPolicy.RenewWhenLeft(slice, slice, whole));
        Assert.Equal(TimeSpan.FromSeconds(10), GrantPolicy.RenewWhenLeft(TimeSpan.FromSeconds(30), slice, whole));
        Assert.Equal(TimeSpan.FromSeconds(106), GrantPolicy.Wanted(TimeSpan.FromSeconds(15.2), slice));
    }

    /// <summary>Second by second, as a person would count.</summary>
    static long Reference(TimeSpan? talkA, TimeSpan? talkB, long rateA, long rateB, long held)
    {
        var sum = 0L;
        for (var begun = TimeSpan.Zero; begun < talkA; begun += TimeSpan.FromSeconds(1)) sum += rateA;
        for (var begun = TimeSpan.Zero; begun < talkB; begun += TimeSpan.FromSeconds(1)) sum += rateB;
        return sum > held ? held : sum;
    }

    static RateDeck Deck(long a, long b) =>
        new(new Dictionary<string, TrunkOptions> { ["a"] = new() { RatePerSecond = a }, ["b"] = new() { RatePerSecond = b } });
}
