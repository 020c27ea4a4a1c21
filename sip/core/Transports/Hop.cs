using System.Globalization;
using System.Net;

namespace OrleansCallback.Sip;

/// <summary>One neighbour on the way of messages: how and where it is reached, or where a message came from.</summary>
/// <param name="Transport">What carries the message.</param>
/// <param name="EndPoint">Its address and port.</param>
/// <param name="ServerName">The name that its TLS certificate must hold; null: its address (RFC 5922 section 7.2).</param>
/// <param name="Connection">
/// The connection that a message came on, or that is to be used before all others; 0 for none. When it is gone, one to
/// <paramref name="EndPoint"/> takes its place (RFC 3261 section 18.2.2).
/// </param>
/// <param name="IsFlow">
/// The way to a registered phone (RFC 5626): no other connection and no other transport will do, since nobody listens where its REGISTER came from.
/// </param>
public readonly record struct Hop(SipTransport Transport, IPEndPoint EndPoint, string? ServerName = null, long Connection = 0, bool IsFlow = false)
{
    /// <summary>True for a stream.</summary>
    public bool IsReliable => Transport.IsReliable();

    /// <summary>The same neighbour without the choice of a connection.</summary>
    public Hop AnyConnection => this with { Connection = 0 };

    /// <summary>UDP to an address.</summary>
    public static implicit operator Hop(IPEndPoint endPoint) => new(SipTransport.Udp, endPoint);

    /// <summary>
    /// "192.0.2.1:5060", with ";transport=tcp" or ";transport=tls" for a stream and ";flow=7" for the flow on a connection, ";flow=0" for one over
    /// UDP: what <see cref="Target.TryParse"/> reads.
    /// </summary>
    public override string ToString()
    {
        var transport = Transport == SipTransport.Udp ? "" : $";transport={Transport.ParameterName()}";
        var flow = IsFlow ? string.Create(CultureInfo.InvariantCulture, $";flow={Connection}") : "";
        return $"{HostPort.From(EndPoint)}{transport}{flow}";
    }
}
