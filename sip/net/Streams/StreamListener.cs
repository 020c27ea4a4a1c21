using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Sip.Net;

/// <summary>Takes connections for one transport and hands them to whoever counts them.</summary>
sealed class StreamListener : IDisposable
{
    /// <summary>Connections that the operating system may hold for us.</summary>
    const int Backlog = 512;

    /// <summary>Pause when the operating system has no descriptor left for another connection.</summary>
    static readonly TimeSpan Exhausted = TimeSpan.FromMilliseconds(100);

    readonly Socket socket;
    readonly TimeProvider clock;
    readonly Action<Socket, SipTransport> accepted;

    public StreamListener(SipTransport transport, IPEndPoint bind, TimeProvider clock, Action<Socket, SipTransport> accepted)
    {
        (Transport, this.clock, this.accepted) = (transport, clock, accepted);
        socket = new Socket(bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (bind.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(bind);
            socket.Listen(Backlog);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    public SipTransport Transport { get; }

    public IPEndPoint LocalEndPoint { get; }

    public async Task RunAsync()
    {
        while (true)
        {
            try
            {
                accepted(await socket.AcceptAsync().ConfigureAwait(false), Transport);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Exhausted, clock).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => socket.Dispose();
}
