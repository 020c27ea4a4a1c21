using System.Text;

namespace OrleansCallback.Sip;

/// <summary>A sip: or sips: URI (RFC 3261 section 19.1). Escapes in the user part are kept as they are.</summary>
/// <param name="Scheme">"sip" or "sips".</param>
/// <param name="User">The user part without password; empty when there is none.</param>
/// <param name="HostPort">Host and port.</param>
/// <param name="Parameters">URI parameters, such as transport or lr.</param>
/// <param name="Password">The part after the colon of the user info; deprecated, empty as a rule.</param>
/// <param name="Headers">What follows the question mark; empty as a rule.</param>
public sealed record SipUri(string Scheme, string User, HostPort HostPort, SipParameters Parameters, string Password = "", string Headers = "")
{
    /// <summary>True when the URI carries the lr parameter: a loose router (RFC 3261 section 16.12.1.1).</summary>
    public bool IsLooseRouter => Parameters["lr"] is not null;

    /// <summary>The URI as it stands on the wire.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(64).Append(Scheme).Append(':');
        if (User.Length > 0)
        {
            text.Append(User);
            if (Password.Length > 0) text.Append(':').Append(Password);
            text.Append('@');
        }
        text.Append(HostPort.ToString()).Append(Parameters.ToString());
        if (Headers.Length > 0) text.Append('?').Append(Headers);
        return text.ToString();
    }

    /// <summary>Reads a whole URI; false when it is none, or of another scheme.</summary>
    public static bool TryParse(string text, out SipUri uri) => TryParse(Encoding.UTF8.GetBytes(text), out uri);

    /// <summary>Reads a whole URI; false when it is none, or of another scheme.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SipUri uri)
    {
        uri = null!;
        if (!Grammar.IsVisible(text) || text.ContainsAny("<>\""u8)) return false;
        var scheme = SchemeOf(text);
        if (scheme.Length == 0) return false;
        text = text[(scheme.Length + 1)..];
        // The user part may hold ";" and "?", so it is cut off first (RFC 3261 section 25.1, user-unreserved).
        var at = text.IndexOf((byte)'@');
        var info = at < 0 ? default : text[..at];
        if (at == 0) return false;
        text = text[(at + 1)..];
        var question = text.IndexOf((byte)'?');
        var headers = question < 0 ? default : text[(question + 1)..];
        if (question >= 0) text = text[..question];
        var semicolon = text.IndexOf((byte)';');
        if (!HostPort.TryParse(semicolon < 0 ? text : text[..semicolon], out var host)) return false;
        if (!SipParameters.TryParse(semicolon < 0 ? default : text[semicolon..], out var parameters)) return false;
        var colon = info.IndexOf((byte)':');
        uri = new SipUri(scheme, Grammar.Text(colon < 0 ? info : info[..colon]), host, parameters,
            colon < 0 ? "" : Grammar.Text(info[(colon + 1)..]), Grammar.Text(headers));
        return colon != 0;
    }

    /// <summary>True for sip: and sips:, whatever follows.</summary>
    internal static bool HasScheme(ReadOnlySpan<byte> text) => SchemeOf(text).Length > 0;

    static string SchemeOf(ReadOnlySpan<byte> text) =>
        text.Length > 4 && Grammar.EqualsIgnoreCase(text[..4], "sip:"u8) ? "sip"
        : text.Length > 5 && Grammar.EqualsIgnoreCase(text[..5], "sips:"u8) ? "sips" : "";
}
