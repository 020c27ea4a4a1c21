using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip;

namespace OrleansCallback.Silo.Settings;

/// <summary>SIP signalling: section <c>Sip</c>.</summary>
public sealed class SipSettings
{
    /// <summary>Address that signalling is bound to; <c>::</c> takes IPv4 and IPv6.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>UDP port of signalling; 0 takes a free one.</summary>
    public int Port { get; set; }

    /// <summary>
    /// Address that stands in Via and Contact where it differs from the bound one, as behind a static NAT; one of IPv4 and one of IPv6 with a
    /// comma between them where <see cref="Address"/> is <c>::</c>.
    /// </summary>
    public string AdvertisedAddress { get; set; } = "";

    /// <summary>What is spoken and listened on, with commas: <c>udp</c>, <c>tcp</c>, <c>tls</c>.</summary>
    public string Transports { get; set; } = "udp,tcp";

    /// <summary>TCP port; 0 takes the number of the UDP port.</summary>
    public int TcpPort { get; set; }

    /// <summary>TLS port; 0 takes the number above the UDP port.</summary>
    public int TlsPort { get; set; }

    /// <summary>
    /// A second TLS port for carriers, who must present a certificate that is trusted there, while phones, which have none, use <see cref="TlsPort"/>;
    /// 0: none.
    /// </summary>
    public int MutualTlsPort { get; set; }

    /// <summary>PEM file with this silo's certificate and those between it and the root, for <c>tls</c>.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file with the certificate's private key.</summary>
    public string CertificateKey { get; set; } = "";

    /// <summary>PEM file with the roots that peers' certificates must lead to; empty: those of the operating system.</summary>
    public string TrustedCertificates { get; set; } = "";

    /// <summary>Whether who connects by TLS must present a certificate that is trusted.</summary>
    public bool RequireClientCertificate { get; set; }

    /// <summary>Name servers with commas (<c>192.0.2.53:53</c>); empty: those of the operating system.</summary>
    public string DnsServers { get; set; } = "";

    /// <summary>Requests a second outside of calls that an address may send which is no trunk's; 0: any number. More get no answer.</summary>
    public double StrangerRate { get; set; } = 5;

    /// <summary>Connections that peers may hold open in all. More are reset.</summary>
    public int MaxConnections { get; set; } = 8_192;

    /// <summary>Connections that one address may hold open: phones behind one NAT share it. More are reset.</summary>
    public int MaxConnectionsFromOne { get; set; } = 256;

    /// <summary>Status with which an incoming INVITE is answered: nobody calls this site by telephone.</summary>
    public int IncomingAnswer { get; set; } = 603;

    /// <summary>The session interval that calls ask for (RFC 4028): a call whose other side is gone ends within it; zero turns this off.</summary>
    public TimeSpan SessionExpires { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The shortest session interval that a carrier may ask for; a shorter one gets 422.</summary>
    public TimeSpan MinSessionExpires { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Reliable provisional responses (RFC 3262): <c>off</c>, <c>supported</c>, or <c>required</c> of every carrier.</summary>
    public string ReliableProvisional { get; set; } = "supported";

    internal IPEndPoint Bind => new(IPAddress.Parse(Address), Port);

    internal IReadOnlyList<string> TransportNames => Split(Transports);

    internal IReadOnlyList<SipTransport> SpokenTransports =>
        [.. TransportNames.Select(name => SipTransports.TryParse(name, out var transport) ? transport : throw new FormatException(name)).Distinct()];

    internal IReadOnlyList<string> AdvertisedAddresses => Split(AdvertisedAddress);

    internal IReadOnlyList<string> DnsServerNames => Split(DnsServers);

    /// <summary>The families of address that the socket can send to, the preferred one first.</summary>
    internal IReadOnlyList<AddressFamily> Families =>
        Bind.Address.Equals(IPAddress.IPv6Any) ? [AddressFamily.InterNetworkV6, AddressFamily.InterNetwork] : [Bind.Address.AddressFamily];

    internal static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
