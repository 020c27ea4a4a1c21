namespace OrleansCallback.Rates;

/// <summary>A moment as a deck looks at it.</summary>
/// <param name="UtcTicks">The moment.</param>
/// <param name="MinuteOfWeek">The minute of the week on the deck's wall clock, counted from Monday, 0:00.</param>
public readonly record struct RateMoment(long UtcTicks, int MinuteOfWeek)
{
    /// <summary>The moment on the wall clock of a zone.</summary>
    public static RateMoment Of(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return new(at.UtcTicks, ((int)local.DayOfWeek + 6) % 7 * RateWindow.Day + local.Hour * 60 + local.Minute);
    }
}
