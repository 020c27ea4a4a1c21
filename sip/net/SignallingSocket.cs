using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Sip.Net;

/// <summary>
/// The UDP socket of a signalling loop. It is woken by an empty datagram to itself, since a thread can wait for one socket only; empty
/// datagrams from elsewhere are keep-alives and do no harm. Bound to "::" it speaks IPv4 as well.
/// </summary>
sealed class SignallingSocket : IDisposable
{
    readonly Socket socket, waker;
    readonly IPEndPoint self;
    readonly SocketAddress from;
    readonly byte[] buffer = new byte[SipParser.MaxMessageBytes];

    public SignallingSocket(IPEndPoint bind, int bufferBytes)
    {
        socket = new Socket(bind.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = bufferBytes,
            SendBufferSize = bufferBytes,
            // A readable socket may turn out empty (a bad checksum); neither call may hold the loop.
            ReceiveTimeout = 50,
            SendTimeout = 50,
        };
        try
        {
            if (bind.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(bind);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        from = new SocketAddress(bind.AddressFamily);
        waker = new Socket(bind.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        self = new IPEndPoint(Reachable(LocalEndPoint.Address), LocalEndPoint.Port);
    }

    public IPEndPoint LocalEndPoint { get; }

    public void Wait(TimeSpan wait) => socket.Poll(wait, SelectMode.SelectRead);

    /// <summary>Ends a <see cref="Wait"/>; from any thread.</summary>
    public void Wake()
    {
        try
        {
            waker.SendTo([], self);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The loop's longest sleep bounds what is lost.
            SignallingMeter.SendFailed.Add(1);
        }
    }

    /// <summary>Takes a datagram if one is there. The span is good until the next call; it is empty for a wake-up or an ICMP error.</summary>
    public bool TryReceive(out ReadOnlySpan<byte> datagram, out IPEndPoint source)
    {
        datagram = default;
        source = self;
        if (!socket.Poll(0, SelectMode.SelectRead)) return false;
        try
        {
            var length = socket.ReceiveFrom(buffer, SocketFlags.None, from);
            source = (IPEndPoint)self.Create(from);
            if (source.Address.IsIPv4MappedToIPv6) source = new IPEndPoint(source.Address.MapToIPv4(), source.Port);
            datagram = buffer.AsSpan(0, length);
        }
        catch (SocketException)
        {
            // ICMP "port unreachable" of an earlier datagram, or nothing there after all.
            SignallingMeter.ReceiveFailed.Add(1);
        }
        return true;
    }

    public void Send(Transmit transmit)
    {
        try
        {
            var destination = transmit.Destination.EndPoint;
            if (socket.AddressFamily == AddressFamily.InterNetworkV6 && socket.DualMode && destination.AddressFamily == AddressFamily.InterNetwork)
                destination = new IPEndPoint(destination.Address.MapToIPv6(), destination.Port);
            if (destination.AddressFamily == socket.AddressFamily)
            {
                socket.SendTo(transmit.Bytes.Span, SocketFlags.None, destination);
                SignallingMeter.Sent.Add(1);
                return;
            }
        }
        catch (SocketException)
        {
            // No route, a full buffer, a refusal: for SIP the same as a lost datagram; its timers repeat it.
        }
        SignallingMeter.SendFailed.Add(1);
    }

    public void Dispose()
    {
        socket.Dispose();
        waker.Dispose();
    }

    static IPAddress Reachable(IPAddress bound) =>
        bound.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound;
}
