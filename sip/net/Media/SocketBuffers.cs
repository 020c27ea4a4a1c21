using System.Net.Sockets;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>Room at the sockets that many legs share: packets wait there while the thread is kept from them.</summary>
static class SocketBuffers
{
    /// <summary>Bytes asked for, of which the kernel counts some 800 for a packet of 20 ms.</summary>
    public const int Wanted = 4 * 1024 * 1024;

    const int SolSocket = 1, SendBufferForce = 32, ReceiveBufferForce = 33; // socket(7)

    public static void Enlarge(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || !TryForce(socket)) (socket.ReceiveBufferSize, socket.SendBufferSize) = (Wanted, Wanted);
    }

    /// <summary>Whether a socket of this process gets as much as is asked for.</summary>
    public static bool AreGranted()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Enlarge(socket);
        return socket.ReceiveBufferSize >= Wanted;
    }

    /// <summary>Beyond net.core.rmem_max, for whoever has CAP_NET_ADMIN.</summary>
    static bool TryForce(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(SolSocket, ReceiveBufferForce, BitConverter.GetBytes(Wanted));
            socket.SetRawSocketOption(SolSocket, SendBufferForce, BitConverter.GetBytes(Wanted));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
