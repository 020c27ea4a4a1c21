namespace OrleansCallback.Sip;

/// <summary>What carries a message (RFC 3261 section 18).</summary>
public enum SipTransport
{
    /// <summary>Datagrams: a message may be lost or repeated.</summary>
    Udp,
    /// <summary>A stream: framed by Content-Length (RFC 3261 section 18.3).</summary>
    Tcp,
    /// <summary>A stream over TLS (RFC 3261 section 26.3.1).</summary>
    Tls,
}

/// <summary>The names that transports have on the wire.</summary>
public static class SipTransports
{
    /// <summary>True for a stream: nothing is repeated by timers (RFC 3261 section 17).</summary>
    public static bool IsReliable(this SipTransport transport) => transport != SipTransport.Udp;

    /// <summary>The name in Via: UDP, TCP or TLS (RFC 3261 section 20.42).</summary>
    public static string ViaName(this SipTransport transport) => transport switch
    {
        SipTransport.Udp => "UDP",
        SipTransport.Tcp => "TCP",
        _ => "TLS",
    };

    /// <summary>The name in the transport parameter of a URI and in settings: udp, tcp or tls (RFC 3261 section 19.1.1).</summary>
    public static string ParameterName(this SipTransport transport) => transport switch
    {
        SipTransport.Udp => "udp",
        SipTransport.Tcp => "tcp",
        _ => "tls",
    };

    /// <summary>The port when none is given: 5060, for TLS 5061 (RFC 3261 section 19.1.2).</summary>
    public static int DefaultPort(this SipTransport transport) => transport == SipTransport.Tls ? 5061 : HostPort.DefaultPort;

    /// <summary>Reads udp, tcp or tls, in any case; false for anything else.</summary>
    public static bool TryParse(string? name, out SipTransport transport)
    {
        transport = default;
        if (name is null) return false;
        if (name.Equals("udp", StringComparison.OrdinalIgnoreCase)) transport = SipTransport.Udp;
        else if (name.Equals("tcp", StringComparison.OrdinalIgnoreCase)) transport = SipTransport.Tcp;
        else if (name.Equals("tls", StringComparison.OrdinalIgnoreCase)) transport = SipTransport.Tls;
        else return false;
        return true;
    }
}
