using CsCheck;
using OrleansCallback.Rates;

namespace OrleansCallback.Tests.Rates;

public sealed class WorstPriceTests
{
    static readonly Gen<Money> Purse = Gen
        .OneOf(Gen.Long[0, 5_000], Gen.Long[0, 50_000_000], Gen.Long[0, 40 * Rate.Most.Micros]).Select(micros => new Money(micros));

    [Fact]
    public void A_longer_grant_is_never_worth_less() =>
        Gen.Select(RandomRates.Grant, Gen.Long[0, 100_000], Gen.Long[0, 5_000]).Sample((price, seconds, more) =>
            Assert.True(WorstPrice.Of(price, seconds) <= WorstPrice.Of(price, seconds + more)));

    [Fact]
    public void The_longest_grant_is_what_the_money_covers_and_a_second_more_is_not() =>
        Gen.Select(RandomRates.Grant, Purse, Gen.Int[1, 20_000]).Sample((price, money, wanted) =>
        {
            var longest = WorstPrice.LongestGrant(price, money, TimeSpan.FromSeconds(wanted));
            Assert.InRange(longest, 0, wanted);
            Assert.True(longest == 0 || WorstPrice.Of(price, longest) <= money);
            Assert.True(longest == wanted || WorstPrice.Of(price, longest + 1) > money);
        });

    [Theory]
    [InlineData(599_999, 0)]
    [InlineData(600_000, 60)]
    [InlineData(1_199_999, 60)]
    [InlineData(1_200_000, 120)]
    [InlineData(60_000_000, 300)]
    public void A_grant_ends_where_an_increment_ends_that_is_paid_for(long micros, long seconds)
    {
        var rate = new Rate { PerMinute = new(300_000), FirstIncrement = 60, NextIncrement = 60 };
        Assert.Equal(seconds, WorstPrice.LongestGrant(new([rate], [rate]), new(micros), TimeSpan.FromSeconds(300)));
    }

    [Fact]
    public void The_smallest_slice_is_the_first_increment_of_both_legs_with_their_fees()
    {
        var member = new Rate { PerMinute = new(60_000), FirstIncrement = 30, NextIncrement = 6, ConnectFee = new(1_000) };
        var merchant = new Rate { PerMinute = new(120_000), FreeSeconds = 20, FirstIncrement = 60, AttemptFee = new(9) };
        Assert.Equal(1_000 + 30 * 1_000 + 60 * 2_000, WorstPrice.OfSmallestSlice(new([member], [merchant])).Micros);
        Assert.Equal(30, WorstPrice.LongestGrant(new([member], [merchant]), new(151_000), TimeSpan.FromSeconds(90)));
    }

    [Fact]
    public void Money_for_the_smallest_slice_grants_at_least_a_second() =>
        RandomRates.Grant.Sample(price =>
            Assert.True(WorstPrice.LongestGrant(price, WorstPrice.OfSmallestSlice(price), TimeSpan.FromSeconds(1)) == 1));

    [Fact]
    public void Whatever_trunks_carry_a_call_and_however_long_it_lasts_its_price_is_within_the_grant() =>
        Gen.Select(RandomRates.Grant, Gen.Int[0, 20_000], RandomRates.Talk, RandomRates.Talk, Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 3])
            .Sample((price, grant, talkA, talkB, attempted, a, b) =>
            {
                var limit = TimeSpan.FromSeconds(grant);
                Assert.True(Charged(price.LegA, a, talkA) + Charged(price.LegB, b, talkB) <= WorstPrice.Of(price, grant));

                Money Charged(IReadOnlyList<Rate> rates, int trunk, TimeSpan? talk) =>
                    Pricing.Of(new("t", "v", "+", rates[trunk % rates.Count]), Shorter(talk, limit), talk is null && attempted).Total;
            });

    static TimeSpan? Shorter(TimeSpan? talk, TimeSpan limit) => talk > limit ? limit : talk;
}
