using System.Globalization;
using System.Net;

namespace OrleansCallback.Sip;

/// <summary>A host with an optional port, as in a URI or a Via. IPv6 addresses keep their brackets.</summary>
/// <param name="Host">Name, IPv4 address, or IPv6 address in brackets.</param>
/// <param name="Port">0 when none is given.</param>
public readonly record struct HostPort(string Host, int Port)
{
    /// <summary>The port of SIP over UDP and TCP when none is given (RFC 3261 section 19.1.2).</summary>
    public const int DefaultPort = 5060;

    /// <summary>"host" or "host:port".</summary>
    public override string ToString() => Port == 0 ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>The address and port when the host is a number and no name; the port is 5060 when none is given.</summary>
    public bool TryEndPoint(out IPEndPoint endPoint)
    {
        endPoint = null!;
        if (!IPAddress.TryParse(Host, out var address)) return false;
        endPoint = new IPEndPoint(address, Port == 0 ? DefaultPort : Port);
        return true;
    }

    /// <summary>The form in which this library writes an address: IPv6 in brackets, the port always there.</summary>
    public static HostPort From(IPEndPoint endPoint) =>
        new(endPoint.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{endPoint.Address}]" : endPoint.Address.ToString(),
            endPoint.Port);

    internal static bool TryParse(ReadOnlySpan<byte> text, out HostPort hostPort)
    {
        hostPort = default;
        if (!TryScan(text, out var host, out var port)) return false;
        hostPort = new HostPort(Grammar.Text(host), port);
        return true;
    }

    /// <summary>Whether <see cref="TryParse"/> would read it.</summary>
    internal static bool IsHostPort(ReadOnlySpan<byte> text) => TryScan(text, out _, out _);

    static bool TryScan(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out int port)
    {
        port = 0;
        text = Grammar.Trim(text);
        var hostLength = text is [(byte)'[', ..] ? text.IndexOf((byte)']') + 1 : text.IndexOf((byte)':');
        if (hostLength < 0) hostLength = text.Length;
        host = Grammar.Trim(text[..hostLength]);
        if (!IsHost(host)) return false;
        var rest = Grammar.Trim(text[hostLength..]);
        if (rest.IsEmpty) return true;
        if (rest[0] != ':' || !Grammar.TryNumber(Grammar.Trim(rest[1..]), 65_535, out var number) || number == 0) return false;
        port = (int)number;
        return true;
    }

    static bool IsHost(ReadOnlySpan<byte> host)
    {
        if (host.IsEmpty || host.Length > 255) return false;
        if (host[0] == '[') return host.Length <= 64 && host[^1] == ']' && IPAddress.TryParse(host[1..^1], out _);
        foreach (var b in host)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'.' or (byte)'_')) return false;
        }
        return true;
    }
}
