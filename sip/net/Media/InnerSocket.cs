using System.Net.Sockets;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>A leg's socket toward the silo that has the other leg. It hears exactly one address.</summary>
sealed class InnerSocket(LegRelay leg, Socket socket) : RtpSocket(socket)
{
    /// <summary>The other silo's inner socket; null until the bridge.</summary>
    public MediaEndpoint? Other { get; set; }

    protected internal override void OnPacket(Span<byte> datagram, MediaEndpoint source, TimeSpan now)
    {
        if (Other == source) leg.OnInnerPacket(datagram, now);
        else leg.Counters.Drop(MediaDrop.Stranger);
    }

    protected internal override void OnUnsent(MediaEndpoint to, int bytes) => leg.Counters.Drop(MediaDrop.SendFailed);

    protected internal override void OnTimer(TimeSpan now)
    {
    }
}
