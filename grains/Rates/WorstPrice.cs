namespace OrleansCallback.Rates;

/// <summary>
/// What a call can cost at the most until a grant ends: each leg on the dearest of the trunks that it may come to, up from leg A's answer on, or
/// never answered. It never falls when the grant grows, and steps only at whole seconds.
/// </summary>
public static class WorstPrice
{
    /// <summary>The worst price of a grant of so many seconds.</summary>
    public static Money Of(GrantPrice price, long seconds) => Worst(price.LegA, _ => seconds) + Worst(price.LegB, _ => seconds);

    /// <summary>The least money that is of use: the first increment of each leg with its fees.</summary>
    public static Money OfSmallestSlice(GrantPrice price) => Worst(price.LegA, FirstBilled) + Worst(price.LegB, FirstBilled);

    /// <summary>The most whole seconds, up to what is wanted, whose worst price is within the money.</summary>
    public static long LongestGrant(GrantPrice price, Money money, TimeSpan wanted)
    {
        var (within, beyond) = (0L, (long)Math.Ceiling(wanted.TotalSeconds) + 1);
        while (beyond - within > 1)
        {
            var middle = within + (beyond - within) / 2;
            if (Of(price, middle) <= money) within = middle;
            else beyond = middle;
        }

        return within;
    }

    static long FirstBilled(Rate rate) => rate.FreeSeconds + 1;

    static Money Worst(IReadOnlyList<Rate> rates, Func<Rate, long> seconds)
    {
        var worst = Money.Zero;
        foreach (var rate in rates)
        {
            var price = Pricing.Of(rate, seconds(rate));
            if (price < rate.AttemptFee) price = rate.AttemptFee;
            if (worst < price) worst = price;
        }

        return worst;
    }
}
