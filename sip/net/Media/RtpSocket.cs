using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>A UDP socket on an <see cref="RtpLoop"/>, with one timer. What it does with packets is the derived class's. All of it runs on the
/// loop's thread.</summary>
public abstract class RtpSocket : LoopTimer, IDisposable
{
    /// <summary>The longest datagram, in bytes.</summary>
    public const int MostBytes = 2048;

    /// <summary>Takes over a bound UDP socket.</summary>
    protected RtpSocket(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Socket = socket;
        Descriptor = (int)socket.Handle;
        IsIPv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
    }

    /// <summary>The address that the socket is bound to.</summary>
    public IPEndPoint BoundEndPoint => (IPEndPoint)Socket.LocalEndPoint!;

    internal Socket Socket { get; }

    internal int Descriptor { get; }

    internal bool IsIPv6 { get; }

    /// <summary>Its place in the tables of the loop's I/O; -1 while it is in none.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>Whom it is connected to; null for nobody.</summary>
    internal MediaEndpoint? Peer { get; set; }

    /// <summary>Its first and its last datagram in the batch that is being gathered; -1 for none.</summary>
    internal int FirstQueued { get; set; } = -1;

    /// <inheritdoc cref="FirstQueued"/>
    internal int LastQueued { get; set; } = -1;

    /// <summary>A bound socket, or null if the port is taken by somebody else.</summary>
    public static Socket? TryBind(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>A datagram came. The bytes are the loop's buffer: they may be rewritten, and are gone after the call.</summary>
    /// <param name="datagram">At most <see cref="MostBytes"/>; longer ones are dropped before they get here.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="now">The loop's monotonic clock.</param>
    protected internal abstract void OnPacket(Span<byte> datagram, MediaEndpoint source, TimeSpan now);

    /// <summary>The operating system did not take a datagram: an earlier one came back by ICMP, or there was no room.</summary>
    /// <param name="to">Where it was to go.</param>
    /// <param name="bytes">How long it was.</param>
    protected internal virtual void OnUnsent(MediaEndpoint to, int bytes)
    {
    }

    /// <summary>Closes the socket; it must have been removed from its loop.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the socket.</summary>
    protected virtual void Dispose(bool disposing) => Socket.Dispose();
}
