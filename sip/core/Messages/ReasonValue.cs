using System.Globalization;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>One value of the Reason header field (RFC 3326), for example Q.850;cause=17;text="User busy".</summary>
/// <param name="Protocol">"SIP" or "Q.850", or another one.</param>
/// <param name="Cause">The code in that protocol; null when none is given.</param>
/// <param name="Text">Free text; empty as a rule.</param>
public sealed record ReasonValue(string Protocol, int? Cause, string Text = "")
{
    /// <summary>The protocol name of ITU-T Q.850 causes.</summary>
    public const string Q850 = "Q.850";

    /// <summary>The protocol name of SIP status codes.</summary>
    public const string Sip = "SIP";

    /// <summary>The value as it stands on the wire.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Protocol);
        if (Cause is { } cause) text.Append(CultureInfo.InvariantCulture, $";cause={cause}");
        if (Text.Length > 0) text.Append(";text=").Append(Grammar.Quote(Text));
        return text.ToString();
    }

    /// <summary>Reads one value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ReasonValue reason)
    {
        reason = null!;
        text = Grammar.Trim(text);
        var protocol = text[..Grammar.TokenLength(text)];
        if (protocol.IsEmpty || !SipParameters.TryParse(text[protocol.Length..], out var parameters)) return false;
        int? cause = null;
        if (parameters["cause"] is { } digits)
        {
            if (!Grammar.TryNumber(Encoding.UTF8.GetBytes(digits), 999, out var number)) return false;
            cause = (int)number;
        }
        reason = new ReasonValue(Grammar.Text(protocol), cause, Grammar.Unquote(Encoding.UTF8.GetBytes(parameters["text"] ?? "")));
        return true;
    }
}
