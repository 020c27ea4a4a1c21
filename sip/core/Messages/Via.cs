using System.Globalization;
using System.Net;

namespace OrleansCallback.Sip;

/// <summary>One Via value (RFC 3261 section 20.42).</summary>
/// <param name="Transport">UDP, TCP, TLS, ... in upper case.</param>
/// <param name="SentBy">Host and port to which responses go when nothing better is known.</param>
/// <param name="Parameters">branch, received, rport, and others.</param>
public sealed record Via(string Transport, HostPort SentBy, SipParameters Parameters)
{
    /// <summary>The start of a branch that is unique across space and time (RFC 3261 section 8.1.1.7).</summary>
    public const string MagicCookie = "z9hG4bK";

    /// <summary>The branch; empty when there is none.</summary>
    public string Branch => Parameters["branch"] ?? "";

    /// <summary>The address that the next hop saw, or null.</summary>
    public string? Received => Parameters["received"];

    /// <summary>True when the sender asks for symmetric responses (RFC 3581).</summary>
    public bool HasRport => Parameters["rport"] is not null;

    /// <summary>The value as it stands on the wire.</summary>
    public override string ToString() => $"SIP/2.0/{Transport} {SentBy}{Parameters}";

    /// <summary>The value with what the receiver has to note in it (RFC 3261 section 18.2.1, RFC 3581 section 4).</summary>
    internal Via Stamped(Hop hop)
    {
        var source = hop.EndPoint;
        var same = IPAddress.TryParse(SentBy.Host, out var address) && address.Equals(source.Address);
        if (!HasRport) return same ? this : this with { Parameters = Parameters.With("received", source.Address.ToString()) };
        return this with
        {
            Parameters = Parameters.With("rport", source.Port.ToString(CultureInfo.InvariantCulture)).With("received", source.Address.ToString()),
        };
    }

    /// <summary>Where the response to a request from <paramref name="source"/> goes (RFC 3261 section 18.2.2, RFC 3581 section 4).</summary>
    /// <remarks>Over a stream: the connection of the request, and if it is gone a new one to what Via says.</remarks>
    internal Hop ResponseAddress(Hop source) =>
        !source.IsReliable && TryMaddr(source, out var other) ? new Hop(source.Transport, other)
        : HasRport && !source.IsReliable ? source
        : source with { EndPoint = new IPEndPoint(source.EndPoint.Address, SentBy.Port == 0 ? source.Transport.DefaultPort() : SentBy.Port) };

    /// <summary>An address that the sender names for responses to datagrams; a name, or one of another family, is passed over.</summary>
    bool TryMaddr(Hop source, out IPEndPoint endPoint)
    {
        var named = IPAddress.TryParse(Parameters["maddr"]?.Trim('[', ']'), out var address) && address.AddressFamily == source.EndPoint.AddressFamily;
        endPoint = named ? new IPEndPoint(address!, SentBy.Port == 0 ? source.Transport.DefaultPort() : SentBy.Port) : source.EndPoint;
        return named;
    }

    /// <summary>Reads one value; blanks around slashes and colon are allowed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Via via)
    {
        via = null!;
        if (!TryScan(text, out var transport, out var host, out var rest)) return false;
        if (!HostPort.TryParse(host, out var sentBy) || !SipParameters.TryParse(rest, out var parameters)) return false;
        via = new Via(TransportName(transport), sentBy, parameters);
        return true;
    }

    /// <summary>Whether <see cref="TryParse"/> would read it.</summary>
    internal static bool IsVia(ReadOnlySpan<byte> text) =>
        TryScan(text, out _, out var host, out var rest) && HostPort.IsHostPort(host) && ParameterScanner.IsList(rest, default, out _, out _);

    static bool TryScan(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> transport, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> rest)
    {
        transport = host = rest = default;
        if (!TryTakeToken(ref text, out var name) || !Grammar.EqualsIgnoreCase(name, "SIP"u8) || !TryTakeSlash(ref text)) return false;
        if (!TryTakeToken(ref text, out var version) || !version.SequenceEqual("2.0"u8) || !TryTakeSlash(ref text)) return false;
        if (!TryTakeToken(ref text, out transport) || text.IsEmpty || !Grammar.IsSpace(text[0])) return false;
        var semicolon = text.IndexOf((byte)';');
        host = semicolon < 0 ? text : text[..semicolon];
        rest = semicolon < 0 ? default : text[semicolon..];
        return true;
    }

    /// <summary>The names that each message has need no copy of their own.</summary>
    static string TransportName(ReadOnlySpan<byte> transport) =>
        Grammar.EqualsIgnoreCase(transport, "UDP"u8) ? "UDP"
        : Grammar.EqualsIgnoreCase(transport, "TCP"u8) ? "TCP"
        : Grammar.EqualsIgnoreCase(transport, "TLS"u8) ? "TLS"
        : Grammar.Text(transport).ToUpperInvariant();

    static bool TryTakeToken(scoped ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> token)
    {
        text = text.TrimStart(" \t"u8);
        token = text[..Grammar.TokenLength(text)];
        text = text[token.Length..];
        return !token.IsEmpty;
    }

    static bool TryTakeSlash(ref ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t"u8);
        if (text is not [(byte)'/', ..]) return false;
        text = text[1..];
        return true;
    }
}
