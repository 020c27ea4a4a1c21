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

    /// <summary>Hands what is waiting at the sockets that the last wait found to their <see cref="RtpSocket.OnPacket"/>, so many of each at most;
    /// true if a socket had more.</summary>
    bool Deliver(TimeSpan now);

    /// <summary>Takes a datagram to be sent with the next <see cref="Flush"/>. What the operating system does not take is told to
    /// <see cref="RtpSocket.OnUnsent"/>.</summary>
    void Send(RtpSocket from, ReadOnlySpan<byte> datagram, MediaEndpoint to);

    /// <summary>Sends what was taken.</summary>
    void Flush();

    /// <summary>Connects a socket to its only peer, or to nobody again; does nothing where that cannot be undone.</summary>
    void Connect(RtpSocket socket, MediaEndpoint? peer);

    /// <summary>Sleeps for less than a second.</summary>
    void Sleep(TimeSpan time);

    /// <summary>Ends a wait; from any thread.</summary>
    void Wake();
}
