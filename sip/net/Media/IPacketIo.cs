using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>Readiness, receiving and sending for the sockets of one loop: epoll on Linux, sockets of the framework elsewhere.</summary>
interface IPacketIo : IDisposable
{
    /// <summary>Which of the two this is, for logs.</summary>
    string Name { get; }

    void Add(RtpSocket socket);

    void Remove(RtpSocket socket);

    /// <summary>Blocks until a socket is readable, <see cref="Wake"/> is called or the time is over; returns how many are readable.</summary>
    int Wait(TimeSpan atMost);

    /// <summary>Hands what is waiting at the sockets that the last wait found to their <see cref="RtpSocket.OnPacket"/>.</summary>
    void Deliver(TimeSpan now);

    /// <summary>Sends one datagram; false if the operating system did not take it.</summary>
    bool Send(RtpSocket from, ReadOnlySpan<byte> datagram, MediaEndpoint to);

    /// <summary>Ends a wait; from any thread.</summary>
    void Wake();
}
