using System.Globalization;

namespace OrleansCallback.Rates;

/// <summary>
/// Hours of a week on a wall clock: from a minute of the day to before another, on some days. One that ends before it begins runs over midnight and
/// belongs to the day on which it began.
/// </summary>
/// <param name="Days">Monday is 1, Tuesday 2, Wednesday 4 and so on to Sunday, 64.</param>
/// <param name="From">The first minute of the day, 0 to 1439.</param>
/// <param name="To">The first minute after it, 1 to 1440; another than <paramref name="From"/>.</param>
public readonly record struct RateWindow(int Days, int From, int To)
{
    /// <summary>All days.</summary>
    public const int EveryDay = 127;

    /// <summary>Minutes of a day.</summary>
    public const int Day = 1_440;

    const int Week = 7 * Day;

    static readonly string[] Names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>Whether it covers a minute of the week, counted from Monday, 0:00.</summary>
    public bool Covers(int minuteOfWeek)
    {
        var (day, minute) = Math.DivRem(minuteOfWeek, Day);
        if (From < To) return Has(day) && minute >= From && minute < To;
        return (Has(day) && minute >= From) || (Has((day + 6) % 7) && minute < To);
    }

    /// <summary>Whether any minute is in both.</summary>
    public bool Overlaps(RateWindow other)
    {
        foreach (var (from, length) in Spans())
        {
            foreach (var (otherFrom, otherLength) in other.Spans())
            {
                if ((otherFrom - from + Week) % Week < length || (from - otherFrom + Week) % Week < otherLength) return true;
            }
        }

        return false;
    }

    /// <summary>Reads days: <c>mon-fri</c>, <c>sat sun</c>; empty: every day.</summary>
    public static bool TryParseDays(ReadOnlySpan<char> text, out int days)
    {
        days = text.IsWhiteSpace() ? EveryDay : 0;
        foreach (var range in text.Split(' '))
        {
            var part = text[range];
            if (part.IsEmpty) continue;
            var dash = part.IndexOf('-');
            var (first, last) = dash < 0 ? (DayOf(part), DayOf(part)) : (DayOf(part[..dash]), DayOf(part[(dash + 1)..]));
            if (first < 0 || last < 0) return false;
            for (var day = first; ; day = (day + 1) % 7)
            {
                days |= 1 << day;
                if (day == last) break;
            }
        }

        return days != 0;
    }

    /// <summary>Reads a time of day, <c>08:00</c> to <c>24:00</c>, as a minute of the day.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out int minute)
    {
        minute = 0;
        if (text is not [>= '0' and <= '9', >= '0' and <= '9', ':', >= '0' and <= '9', >= '0' and <= '9']) return false;
        var (hours, minutes) = ((text[0] - '0') * 10 + text[1] - '0', (text[3] - '0') * 10 + text[4] - '0');
        minute = hours * 60 + minutes;
        return minutes < 60 && minute <= Day;
    }

    /// <summary>The days as <see cref="TryParseDays"/> reads them; empty for every day.</summary>
    public string DaysText()
    {
        if (Days == EveryDay) return "";
        var parts = new List<string>();
        for (var first = 0; first < 7; first++)
        {
            if (!Has(first)) continue;
            var last = first;
            while (last < 6 && Has(last + 1)) last++;
            parts.Add(last == first ? Names[first] : $"{Names[first]}-{Names[last]}");
            first = last;
        }

        return string.Join(' ', parts);
    }

    /// <summary>A minute of the day as <see cref="TryParseTime"/> reads it.</summary>
    public static string TimeText(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    static int DayOf(ReadOnlySpan<char> text)
    {
        for (var day = 0; day < Names.Length; day++)
            if (text.Equals(Names[day], StringComparison.OrdinalIgnoreCase))
                return day;
        return -1;
    }

    bool Has(int day) => (Days & (1 << day)) != 0;

    IEnumerable<(int From, int Length)> Spans()
    {
        for (var day = 0; day < 7; day++)
            if (Has(day))
                yield return (day * Day + From, From < To ? To - From : Day - From + To);
    }
}
