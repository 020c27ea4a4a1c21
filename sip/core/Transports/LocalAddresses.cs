using System.Text;

namespace OrleansCallback.Sip;

/// <summary>One of our own addresses as peers see it.</summary>
/// <param name="Transport">What it is an address of.</param>
/// <param name="HostPort">Host and port; IPv6 in brackets.</param>
/// <param name="IsMutual">Who connects there must present a certificate.</param>
public readonly record struct LocalAddress(SipTransport Transport, HostPort HostPort, bool IsMutual = false)
{
    internal bool IsIPv6 => HostPort.Host.StartsWith('[');
}

/// <summary>Which of our addresses stands in Via and Contact towards a neighbour (RFC 3261 section 18.1.1).</summary>
sealed class LocalAddresses
{
    readonly string primary;
    readonly IReadOnlyList<LocalAddress> all;

    public LocalAddresses(UserAgentOptions options)
    {
        primary = options.SentBy;
        if (!HostPort.TryParse(Encoding.UTF8.GetBytes(primary), out var hostPort)) hostPort = new HostPort(primary, 0);
        all = options.Addresses.Count > 0 ? options.Addresses : [new LocalAddress(SipTransport.Udp, hostPort)];
    }

    /// <summary>True when we speak this transport.</summary>
    public bool Speaks(SipTransport transport) => all.Any(a => a.Transport == transport);

    /// <summary>Via's host and port; of an attempt that was composed for another address, that one.</summary>
    public string SentBy(string composed, Hop hop) => composed == primary && Pick(hop) is { } own ? own.HostPort.ToString() : composed;

    /// <summary>A Contact URI of ours with the address, and the transport, that this neighbour reaches us by.</summary>
    public string Contact(string composed, Hop hop)
    {
        if (!SipUri.TryParse(composed, out var uri) || uri.HostPort.ToString() != primary || Pick(hop) is not { } own) return composed;
        var parameters = own.Transport == SipTransport.Udp ? uri.Parameters : uri.Parameters.With("transport", own.Transport.ParameterName());
        return (uri with { HostPort = own.HostPort, Parameters = parameters }).ToString();
    }

    /// <summary>
    /// The same transport and family if there is one, else the same transport; of two the one where carriers present certificates, but not to a
    /// phone, which has none.
    /// </summary>
    LocalAddress? Pick(Hop hop)
    {
        LocalAddress? found = null;
        var most = -1;
        foreach (var address in all)
        {
            if (address.Transport != hop.Transport) continue;
            var isFamily = address.IsIPv6 == (hop.EndPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6);
            var fits = (isFamily ? 2 : 0) + (address.IsMutual != hop.IsFlow ? 1 : 0);
            if (fits > most) (found, most) = (address, fits);
        }
        return found;
    }
}
