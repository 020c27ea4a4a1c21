using CsCheck;
using OrleansCallback.Rates;

namespace OrleansCallback.Tests.Rates;

public sealed class PricingTests
{
    [Fact]
    public void Ten_thousand_rates_and_talks_come_to_what_the_reference_rater_says() =>
        Gen.Select(RandomRates.One, RandomRates.Talk, Gen.Bool).Sample((rate, talk, attempted) =>
        {
            var price = Priced(rate, talk, attempted);
            Assert.Equal(ReferenceRater.Price(rate, talk?.TotalSeconds, attempted), price.Total.Micros);
            Assert.Equal(price.Total, price.ConnectFee + price.Time + price.ToMinimum + price.AttemptFee);
        }, iter: 10_000);

    [Fact]
    public void A_price_is_made_again_from_what_its_parts_tell() =>
        Gen.Select(RandomRates.One, RandomRates.Talk, Gen.Bool).Sample((rate, talk, attempted) =>
        {
            var price = Priced(rate, talk, attempted);
            var told = price.Talk is { } time ? (long)time.TotalMilliseconds : (long?)null;
            Assert.Equal(price, Priced(price.Rate, told is { } ms ? TimeSpan.FromMilliseconds(ms) : null, price.Attempted));
        });

    [Fact]
    public void More_talk_never_costs_less() =>
        Gen.Select(RandomRates.One, Gen.Long[0, 100_000], Gen.Long[0, 5_000]).Sample((rate, seconds, more) =>
            Assert.True(Pricing.Of(rate, seconds) <= Pricing.Of(rate, seconds + more)));

    [Theory]
    [InlineData(60, 60, 0, 1, 60)]
    [InlineData(60, 60, 0, 60_000, 60)]
    [InlineData(60, 60, 0, 60_001, 120)]
    [InlineData(30, 6, 0, 30_001, 36)]
    [InlineData(1, 1, 0, 1_001, 2)]
    [InlineData(60, 1, 10, 10_000, 0)]
    [InlineData(60, 1, 10, 10_001, 60)]
    [InlineData(60, 1, 10, 71_000, 61)]
    public void Increments_are_counted_as_begun_once_the_free_seconds_are_over(int first, int next, int free, int milliseconds, long billed)
    {
        var rate = new Rate { PerMinute = new(600_000), FirstIncrement = first, NextIncrement = next, FreeSeconds = free };
        var price = Priced(rate, TimeSpan.FromMilliseconds(milliseconds), false);
        Assert.Equal((billed, new Money(10_000 * billed)), (price.BilledSeconds, price.Total));
    }

    [Fact]
    public void The_parts_say_how_a_price_came_about()
    {
        var rate = new Rate { PerMinute = new(100_000), ConnectFee = new(5_000), Minimum = new(50_000), AttemptFee = new(700), FreeSeconds = 2 };
        var shortTalk = Priced(rate, TimeSpan.FromSeconds(12), false);
        Assert.Equal((5_000, 16_667, 28_333, 0, 50_000), Parts(shortTalk));
        Assert.Equal((5_000, 96_667, 0, 0, 101_667), Parts(Priced(rate, TimeSpan.FromSeconds(60), false)));
        Assert.Equal((5_000, 0, 0, 0, 5_000), Parts(Priced(rate, TimeSpan.FromSeconds(2), false)));
        Assert.Equal((0, 0, 0, 700, 700), Parts(Priced(rate, null, true)));
        Assert.Equal((0, 0, 0, 0, 0), Parts(Priced(rate, null, false)));
    }

    [Fact]
    public void Half_a_micro_unit_is_rounded_up_once_a_leg() =>
        Assert.Equal(1, Priced(new() { PerMinute = new(1), FirstIncrement = 30 }, TimeSpan.FromSeconds(1), false).Total.Micros);

    static LegPrice Priced(Rate rate, TimeSpan? talk, bool attempted) => Pricing.Of(new("carrier", "deck@1", "+49", rate), talk, attempted);

    static (long Connect, long Time, long ToMinimum, long Attempt, long Total) Parts(LegPrice price) =>
        (price.ConnectFee.Micros, price.Time.Micros, price.ToMinimum.Micros, price.AttemptFee.Micros, price.Total.Micros);
}
