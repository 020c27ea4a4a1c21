using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Load.Processes;

/// <summary>
/// Ports that were free when asked for. They lie below those that the system hands out by itself, and none is given a second time before
/// all have been: between the answer and the program that binds the port nobody else is sent there.
/// </summary>
public static class FreePorts
{
    const int First = 12_000;
    const int End = 20_000;
    const int MostTries = 500;
    static readonly Lock gate = new();
    static int next = First + Random.Shared.Next((End - First) / 2) / 2 * 2;

    /// <summary>A free TCP port on every loopback address.</summary>
    public static int Tcp() => Take(2, port => CanBind(SocketType.Stream, IPAddress.Any, port));

    /// <summary>A free UDP port on the address, even, with three free ones behind it.</summary>
    public static IPEndPoint Udp(string address)
    {
        var own = IPAddress.Parse(address);
        return new IPEndPoint(own, Take(4, first => AreFree(own, first, 4)));
    }

    /// <summary>The first of <paramref name="count"/> free UDP ports in a row, even, for the media of one silo.</summary>
    public static int UdpRange(int count) => Take(count, first => AreFree(IPAddress.Any, first, count));

    static int Take(int count, Func<int, bool> isFree)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            int first;
            lock (gate)
            {
                if (next + count > End) next = First;
                first = next;
                next += count + count % 2;
            }

            if (isFree(first)) return first;
        }

        throw new InvalidOperationException($"No {count} free ports in a row between {First} and {End} after {MostTries} tries.");
    }

    static bool AreFree(IPAddress address, int first, int count) =>
        Enumerable.Range(first, count).All(port => CanBind(SocketType.Dgram, address, port));

    static bool CanBind(SocketType type, IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
