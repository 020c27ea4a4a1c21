using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>The same with the framework's sockets, for systems without epoll: slower, and a select over all sockets per round.</summary>
sealed class ManagedPacketIo : IPacketIo
{
    const int MostMessages = 16;

    readonly Dictionary<Socket, RtpSocket> sockets = [];
    readonly List<Socket> ready = [];
    readonly byte[] buffer = new byte[RtpSocket.MostBytes];
    readonly Socket wakeReceiver = Bound();
    readonly Socket wakeSender = Bound();
    readonly EndPoint wakeAddress;

    public ManagedPacketIo() => wakeAddress = wakeReceiver.LocalEndPoint!;

    public string Name => "managed";

    public void Add(RtpSocket socket)
    {
        socket.Socket.Blocking = false;
        sockets.Add(socket.Socket, socket);
        socket.Slot = 0;
    }

    public void Remove(RtpSocket socket)
    {
        sockets.Remove(socket.Socket);
        socket.Slot = -1;
    }

    public int Wait(TimeSpan atMost)
    {
        ready.Clear();
        ready.Add(wakeReceiver);
        ready.AddRange(sockets.Keys);
        Socket.Select(ready, null, null, atMost);
        return ready.Count;
    }

    public bool Deliver(TimeSpan now)
    {
        var more = false;
        foreach (var socket in ready)
        {
            if (socket == wakeReceiver) Drain(socket, null, now);
            else if (sockets.TryGetValue(socket, out var target)) more |= Drain(socket, target, now);
        }

        return more;
    }

    public void Send(RtpSocket from, ReadOnlySpan<byte> datagram, MediaEndpoint to)
    {
        try
        {
            from.Socket.SendTo(datagram, SocketFlags.None, to.ToIPEndPoint());
        }
        catch (SocketException)
        {
            from.OnUnsent(to, datagram.Length);
        }
    }

    public void Flush()
    {
        // Everything has been sent at once.
    }

    public void Connect(RtpSocket socket, MediaEndpoint? peer)
    {
        // The framework's sockets cannot be disconnected again.
    }

    public void Sleep(TimeSpan time) => Thread.Sleep(time);

    public void Wake() => wakeSender.SendTo([1], wakeAddress);

    public void Dispose()
    {
        wakeReceiver.Dispose();
        wakeSender.Dispose();
    }

    bool Drain(Socket socket, RtpSocket? target, TimeSpan now)
    {
        EndPoint source = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        for (var i = 0; i < MostMessages; i++)
        {
            if (socket.Available == 0) return false;
            try
            {
                var length = socket.ReceiveFrom(buffer, SocketFlags.None, ref source);
                target?.OnPacket(buffer.AsSpan(0, length), MediaEndpoint.From((IPEndPoint)source), now);
            }
            catch (SocketException)
            {
                // An ICMP error of an earlier send, or a datagram longer than the buffer: neither is a packet for anybody.
            }
        }

        return true;
    }

    static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
