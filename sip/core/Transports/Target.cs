using System.Globalization;
using System.Net;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>Where a request is to go, before it is known which server that is (RFC 3263 section 4).</summary>
/// <param name="Host">Name or address, with the port if one is given.</param>
/// <param name="Transport">The transport that is asked for; null leaves it to the name's records, or to UDP.</param>
/// <param name="IsSecure">True for sips: only TLS will do.</param>
/// <param name="Flow">
/// Of a flow (<see cref="Hop.IsFlow"/>) its connection, 0 over UDP; null for anything else.
/// </param>
public readonly record struct Target(HostPort Host, SipTransport? Transport = null, bool IsSecure = false, long? Flow = null)
{
    /// <summary>True when the host is a name: it has to be looked up.</summary>
    public bool IsNamed => !Host.TryEndPoint(out _);

    /// <summary>The transport where no records say otherwise: TLS for sips, else what is asked for, else UDP (RFC 3263 section 4.1).</summary>
    public SipTransport PlainTransport => IsSecure ? SipTransport.Tls : Transport ?? SipTransport.Udp;

    /// <summary>The target of a URI: its maddr parameter goes before its host (RFC 3261 section 19.1.1).</summary>
    public static Target Of(SipUri uri)
    {
        var host = uri.Parameters["maddr"] is { Length: > 0 } maddr && HostPort.TryParse(Encoding.UTF8.GetBytes(maddr), out var other)
            ? uri.HostPort with { Host = other.Host }
            : uri.HostPort;
        return new Target(host, SipTransports.TryParse(uri.Parameters["transport"], out var transport) ? transport : null, uri.Scheme == "sips");
    }

    /// <summary>
    /// Reads "host", "host:port", each with ";transport=udp", "tcp" or "tls" and ";flow=" and a number behind it, or a whole SIP URI.
    /// </summary>
    public static bool TryParse(string text, out Target target)
    {
        target = default;
        if (!SipUri.TryParse(text, out var uri) && !SipUri.TryParse($"sip:{text}", out uri)) return false;
        target = Of(uri);
        if (long.TryParse(uri.Parameters["flow"], NumberStyles.None, CultureInfo.InvariantCulture, out var flow)) target = target with { Flow = flow };
        return uri.Parameters["transport"] is null || target.Transport is not null;
    }

    /// <summary>The hop when the host is an address.</summary>
    public bool TryHop(out Hop hop)
    {
        hop = default;
        if (!Host.TryEndPoint(out var address)) return false;
        var endPoint = Host.Port == 0 ? new IPEndPoint(address.Address, PlainTransport.DefaultPort()) : address;
        hop = new Hop(PlainTransport, endPoint, Connection: Flow ?? 0, IsFlow: Flow is not null);
        return true;
    }

    /// <summary>What <see cref="TryParse"/> reads.</summary>
    public override string ToString() =>
        IsSecure ? $"sips:{Host}" : Transport is { } transport and not SipTransport.Udp ? $"{Host};transport={transport.ParameterName()}" : Host.ToString();
}
