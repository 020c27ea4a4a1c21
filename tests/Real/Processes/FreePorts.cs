using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Tests.Processes;

/// <summary>Ports that were free when asked for; whoever starts a program on one does so at once.</summary>
public static class FreePorts
{
    /// <summary>A free TCP port on every loopback address.</summary>
    public static int Tcp()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A free UDP port on the address.</summary>
    public static IPEndPoint Udp(string address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>
    /// The first of <paramref name="count"/> UDP ports in a row, even, for the media of one silo. Ranges lie below the ports that the
    /// system hands out by itself and are never given twice by one test run.
    /// </summary>
    public static int UdpRange(int count)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var first = Interlocked.Add(ref next, count) - count;
            if (first + count > EndOfRanges) throw new InvalidOperationException($"No {count} UDP ports are left below {EndOfRanges}.");
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }

        throw new InvalidOperationException($"No {count} free UDP ports in a row after {MostTries} tries.");
    }

    const int MostTries = 50;
    const int EndOfRanges = 32_000;
    static int next = 12_000 + Random.Shared.Next(500) * 16;

    static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
