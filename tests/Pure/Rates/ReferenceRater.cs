using OrleansCallback.Rates;

namespace OrleansCallback.Tests.Rates;

/// <summary>What a call costs as a person would work it out with a calculator; shares no arithmetic with the product.</summary>
static class ReferenceRater
{
    /// <summary>Micro-units of one leg.</summary>
    public static long Leg(Rate rate, double? talkSeconds, bool attempted)
    {
        if (talkSeconds is not > 0) return attempted ? rate.AttemptFee.Micros : 0;
        var (paidUntil, billed) = ((double)rate.FreeSeconds, 0);
        while (paidUntil < talkSeconds)
        {
            var increment = billed == 0 ? rate.FirstIncrement : rate.NextIncrement;
            (paidUntil, billed) = (paidUntil + increment, billed + increment);
        }

        var time = Math.Round(rate.PerMinute.Micros * (decimal)billed / 60, MidpointRounding.AwayFromZero);
        var price = rate.ConnectFee.Micros + (long)time;
        return billed > 0 ? Math.Max(price, rate.Minimum.Micros) : price;
    }
}
