namespace OrleansCallback.Terminals;

/// <summary>VoIP terminals of members and merchants: section <c>Terminals</c>.</summary>
public sealed class TerminalsOptions
{
    /// <summary>The domain of terminals' addresses and the realm of their passwords; empty: the site has no terminals.</summary>
    public string Domain { get; set; } = "";

    /// <summary>Host and port that phones send to where the domain's own records do not lead to the silos; empty: the domain.</summary>
    public string Server { get; set; } = "";

    /// <summary>What phones are told to speak: <c>udp</c>, <c>tcp</c> or <c>tls</c>; one of <c>Sip:Transports</c>.</summary>
    public string Transport { get; set; } = "udp";

    /// <summary>
    /// Hashes that phones may prove their password with, the best liked first: <c>SHA-256</c>, <c>MD5</c>. A phone that knows nothing of RFC 8760
    /// gives up where it is offered a hash that it does not have, so MD5 alone is offered unless a site knows its phones.
    /// </summary>
    public string Algorithms { get; set; } = "MD5";

    /// <summary>Price of a second of a leg to a terminal in micro-units.</summary>
    public long RatePerSecond { get; set; }

    /// <summary>User part of the caller's address that terminals are shown.</summary>
    public string CallerId { get; set; } = "callback";

    /// <summary>Whether audio of terminals is encrypted (SRTP): <c>off</c>, <c>preferred</c> or <c>required</c>.</summary>
    public string MediaEncryption { get; set; } = "off";

    /// <summary>Most phones registered with one terminal at once.</summary>
    public int MaxBindings { get; set; } = 5;

    /// <summary>A registration for a shorter time is refused with 423.</summary>
    public TimeSpan MinExpires { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A registration over TCP or TLS for a longer time lives so long, or until its connection ends.</summary>
    public TimeSpan MaxExpires { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A registration over UDP for a longer time lives so long: that is how long a lost silo's phones may not be reached.</summary>
    public TimeSpan MaxExpiresUdp { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How often a phone over UDP is sent OPTIONS, whole seconds: its answer keeps the way through its NAT open. Zero: never.
    /// </summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most terminals of one member or merchant.</summary>
    public int MaxPerOwner { get; set; } = 10;
}
