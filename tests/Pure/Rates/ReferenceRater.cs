using OrleansCallback.Rates;

namespace OrleansCallback.Tests.Rates;

/// <summary>What a leg costs as a person with the deck, a calendar and a calculator would work it out; shares no code with the product.</summary>
static class ReferenceRater
{
    /// <summary>The line that counts for a number.</summary>
    public static DeckRate? Find(IEnumerable<DeckRate> deck, string zone, DateTimeOffset at, string number)
    {
        var local = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime;
        return deck.Where(line => number.StartsWith(line.Prefix, StringComparison.Ordinal) && !(line.ValidFrom > at) && !(line.ValidTo <= at))
            .Where(line => line.Window is not { } hours || Began(hours, local, local.Date) || Began(hours, local, local.Date.AddDays(-1)))
            .OrderByDescending(line => line.Prefix.Length).ThenBy(line => line.Window is null).FirstOrDefault();
    }

    /// <summary>Micro-units of a leg.</summary>
    public static long Price(Rate rate, double? talkSeconds, bool attempted)
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

    /// <summary>Whether the hours that began on a day have not ended yet.</summary>
    static bool Began(RateWindow hours, DateTime local, DateTime day)
    {
        var days = "Mon Tue Wed Thu Fri Sat Sun".Split(' ').Where((_, n) => (hours.Days >> n & 1) == 1);
        if (!days.Contains($"{day.DayOfWeek}"[..3])) return false;
        var end = day.AddDays(hours.To > hours.From ? 0 : 1).AddMinutes(hours.To);
        return local >= day.AddMinutes(hours.From) && local < end;
    }
}
