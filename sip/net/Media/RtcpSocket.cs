using System.Net.Sockets;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>The RTCP port of a port pair (RFC 3550 section 11). It is read so that nothing piles up in the kernel.</summary>
sealed class RtcpSocket(Socket socket) : RtpSocket(socket)
{
    protected internal override void OnPacket(Span<byte> datagram, MediaEndpoint source, TimeSpan now)
    {
    }

    protected internal override void OnTimer(TimeSpan now)
    {
    }
}
