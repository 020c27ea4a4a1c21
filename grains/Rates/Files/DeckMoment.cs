using System.Globalization;

namespace OrleansCallback.Rates.Files;

/// <summary>Moments and zones as decks name them.</summary>
public static class DeckMoment
{
    /// <summary>What to write.</summary>
    public const string Rule =
        "write a day such as 2026-01-31, which begins at midnight in the deck's time zone, or a moment such as 2026-01-31T22:00:00Z";

    static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"];

    /// <summary>Reads a moment in whole seconds (RFC 3339), or the beginning of a day.</summary>
    public static bool TryParse(string text, TimeZoneInfo zone, out DateTimeOffset at)
    {
        at = default;
        if (DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            if (day.Year is < 1970 or > 9000 || zone.IsInvalidTime(day)) return false;
            at = new DateTimeOffset(day, zone.GetUtcOffset(day)).ToUniversalTime();
            return true;
        }

        return DateTimeOffset.TryParseExact(
                text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at)
            && at.Year is >= 1970 and <= 9000;
    }

    /// <summary>The zone of an IANA name.</summary>
    public static TimeZoneInfo? Zone(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
