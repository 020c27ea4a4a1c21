using System.Globalization;

namespace OrleansCallback.Sip;

/// <summary>Session-Expires and Min-SE (RFC 4028 sections 4 and 5).</summary>
/// <param name="Interval">The session's interval.</param>
/// <param name="RefresherIsCaller">True for refresher=uac, false for refresher=uas, null without the parameter.</param>
readonly record struct SessionExpires(TimeSpan Interval, bool? RefresherIsCaller)
{
    public static HeaderLine Line(TimeSpan interval, bool? refresherIsCaller = null) => new(
        HeaderId.SessionExpires, Seconds(interval) + refresherIsCaller switch { true => ";refresher=uac", false => ";refresher=uas", null => "" });

    public static HeaderLine Minimum(TimeSpan minimum) => new(HeaderId.MinSe, Seconds(minimum));

    /// <summary>Session-Expires of a message; null when it has none that can be read.</summary>
    public static SessionExpires? Of(SipMessage message)
    {
        if (!TryRead(message, HeaderId.SessionExpires, out var interval, out var parameters)) return null;
        return new(interval, parameters["refresher"]?.ToUpperInvariant() switch { "UAC" => true, "UAS" => false, _ => null });
    }

    /// <summary>Min-SE of a message; null when it has none that can be read.</summary>
    public static TimeSpan? MinimumOf(SipMessage message) => TryRead(message, HeaderId.MinSe, out var minimum, out _) ? minimum : null;

    static bool TryRead(SipMessage message, HeaderId field, out TimeSpan seconds, out SipParameters parameters)
    {
        seconds = default;
        parameters = SipParameters.None;
        var text = message.Header(field);
        var semicolon = text.IndexOf((byte)';');
        if (!Grammar.TryNumber(Grammar.Trim(semicolon < 0 ? text : text[..semicolon]), uint.MaxValue, out var number)) return false;
        seconds = TimeSpan.FromSeconds(number);
        return semicolon < 0 || SipParameters.TryParse(text[semicolon..], out parameters);
    }

    static string Seconds(TimeSpan time) => ((long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
