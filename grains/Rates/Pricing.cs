namespace OrleansCallback.Rates;

/// <summary>The price of a leg: a function of its rate and of what is proven of it alone. It never falls when the talk grows.</summary>
public static class Pricing
{
    /// <summary>Prices a leg.</summary>
    /// <param name="rate">Its rate.</param>
    /// <param name="talk">Proven talk up to the grant; null or zero: nothing is proven.</param>
    /// <param name="attempted">The carrier took the leg on and nobody answered.</param>
    public static LegPrice Of(TrunkRate rate, TimeSpan? talk, bool attempted)
    {
        var milliseconds = Begun(talk ?? TimeSpan.Zero, TimeSpan.TicksPerMillisecond);
        var seconds = Begun(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.TicksPerSecond);
        var terms = rate.Rate;
        var price = new LegPrice
        {
            Version = rate.Version,
            Prefix = rate.Prefix,
            Rate = terms,
            Talk = talk is null ? null : TimeSpan.FromMilliseconds(milliseconds),
            Attempted = attempted,
        };
        if (seconds == 0) return attempted ? price with { AttemptFee = terms.AttemptFee } : price;
        var billed = BilledSeconds(terms, seconds);
        price = price with { BilledSeconds = billed, ConnectFee = terms.ConnectFee, Time = TimePrice(terms, billed) };
        return price with { ToMinimum = ToMinimum(terms, billed, price.Total) };
    }

    /// <summary>What so many seconds of talk come to.</summary>
    public static Money Of(Rate rate, long seconds)
    {
        if (seconds <= 0) return Money.Zero;
        var billed = BilledSeconds(rate, seconds);
        var price = rate.ConnectFee + TimePrice(rate, billed);
        return price + ToMinimum(rate, billed, price);
    }

    static long Begun(TimeSpan time, long unit) => (time.Ticks + unit - 1) / unit;

    static long BilledSeconds(Rate rate, long seconds)
    {
        var beyond = seconds - rate.FreeSeconds - rate.FirstIncrement;
        if (beyond <= -rate.FirstIncrement) return 0;
        var next = beyond <= 0 ? 0 : (beyond + rate.NextIncrement - 1) / rate.NextIncrement;
        return rate.FirstIncrement + next * rate.NextIncrement;
    }

    static Money TimePrice(Rate rate, long billed) => new(checked(rate.PerMinute.Micros * billed + 30) / 60);

    static Money ToMinimum(Rate rate, long billed, Money price) => billed > 0 && price < rate.Minimum ? rate.Minimum - price : Money.Zero;
}
