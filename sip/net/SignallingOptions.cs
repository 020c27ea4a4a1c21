using System.Net;

namespace OrleansCallback.Sip.Net;

/// <summary>Settings of a <see cref="SignallingLoop"/>.</summary>
/// <param name="Bind">The local address and the UDP port; port 0 takes a free one. "::" takes IPv4 and IPv6.</param>
public sealed record SignallingOptions(IPEndPoint Bind)
{
    /// <summary>The transports that are spoken and listened on.</summary>
    public IReadOnlyList<SipTransport> Transports { get; init; } = [SipTransport.Udp];

    /// <summary>The TCP port; 0 takes the number of the UDP port, or a free one where that is 0.</summary>
    public int TcpPort { get; init; }

    /// <summary>The TLS port; 0 takes the one above the UDP port, or a free one where that is 0.</summary>
    public int TlsPort { get; init; }

    /// <summary>
    /// A second TLS port, on which whoever connects must present a certificate that we trust; 0: none. Carriers are told this one, phones, which
    /// have no certificates, the other.
    /// </summary>
    public int MutualTlsPort { get; init; }

    /// <summary>Our certificate and whom we trust; needed for TLS.</summary>
    public TlsIdentity? Tls { get; init; }

    /// <summary>Bounds on connections.</summary>
    public StreamLimits Streams { get; init; } = new();

    /// <summary>
    /// Our addresses as peers see them, at most one of IPv4 and one of IPv6; empty for the bound one. Needed when <see cref="Bind"/> is a
    /// wildcard. The ports are the bound ones.
    /// </summary>
    public IReadOnlyList<IPAddress> Advertised { get; init; } = [];

    /// <summary>Finds the servers of names; null: names have no servers.</summary>
    public IServerLocator? Locator { get; init; }

    /// <summary>Makes the user agent's settings from the address that stands in Via and Contact.</summary>
    public Func<string, UserAgentOptions> Agent { get; init; } = sentBy => new UserAgentOptions(sentBy);

    /// <summary>The most commands waiting for the loop.</summary>
    public int MaxCommands { get; init; } = 65_536;

    /// <summary>Bytes of the socket's receive and send buffer, each; the operating system may give less.</summary>
    public int SocketBufferBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The pause of the loop's own clock that is taken for a hung process.</summary>
    public TimeSpan ClockGapLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock; only its monotonic timestamp is used.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
