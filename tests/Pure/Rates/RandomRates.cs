using CsCheck;
using OrleansCallback.Rates;

namespace OrleansCallback.Tests.Rates;

/// <summary>Rates and talks by chance, with the corners that carriers really use.</summary>
static class RandomRates
{
    static readonly Gen<Money> Amount = Gen
        .OneOf(Gen.Const(0L), Gen.Long[0, 100], Gen.Long[0, 2_000_000], Gen.Const(Rate.Most.Micros)).Select(micros => new Money(micros));

    static readonly Gen<int> Increment = Gen.OneOf(
        Gen.OneOf(Gen.Const(1), Gen.Const(6), Gen.Const(30), Gen.Const(60)), Gen.Int[1, Rate.LongestIncrement]);

    public static Gen<Rate> One { get; } = Gen.Select(
        Gen.Select(Amount, Amount, Amount, Amount), Increment, Increment, Gen.OneOf(Gen.Const(0), Gen.Int[1, 90], Gen.Int[1, Rate.LongestFree]),
        (amounts, first, next, free) => new Rate
        {
            PerMinute = amounts.Item1, ConnectFee = amounts.Item2, Minimum = amounts.Item3, AttemptFee = amounts.Item4,
            FirstIncrement = first, NextIncrement = next, FreeSeconds = free,
        });

    /// <summary>None, a whole number of seconds, or anything between.</summary>
    public static Gen<TimeSpan?> Talk { get; } = Gen.OneOf(
        Gen.Const((TimeSpan?)null), Gen.Int[0, 400].Select(seconds => (TimeSpan?)TimeSpan.FromSeconds(seconds)),
        Gen.Long[0, 40 * TimeSpan.TicksPerHour].Select(ticks => (TimeSpan?)TimeSpan.FromTicks(ticks)));

    public static Gen<GrantPrice> Grant { get; } = Gen.Select(One.Array[1, 4], One.Array[1, 4], (a, b) => new GrantPrice(a, b));
}
