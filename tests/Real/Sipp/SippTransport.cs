using OrleansCallback.Sip;

namespace OrleansCallback.Tests.Sipp;

/// <summary>SIPp's names of transports; Debian's SIPp has no TLS.</summary>
static class SippTransport
{
    /// <summary>One socket for all calls.</summary>
    public static string Of(SipTransport transport) => transport switch
    {
        SipTransport.Udp => "u1",
        SipTransport.Tcp => "t1",
        _ => throw new ArgumentOutOfRangeException(nameof(transport), transport, "SIPp speaks UDP and TCP."),
    };
}
