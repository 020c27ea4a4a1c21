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
    readonly Action<Socket, PortBind> accepted;
    readonly PortBind bind;

    public StreamListener(PortBind bind, TimeProvider clock, Action<Socket, PortBind> accepted)
    {
        (this.bind, this.clock, this.accepted) = (bind, clock, accepted);
        socket = new Socket(bind.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (bind.EndPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(bind.EndPoint);
            socket.Listen(Backlog);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
        Bound = bind with { EndPoint = (IPEndPoint)socket.LocalEndPoint! };
    }

    /// <summary>The same with the port that was taken.</summary>
    public PortBind Bound { get; }

    public async Task RunAsync()
    {
        while (true)
        {
            try
            {
                accepted(await socket.AcceptAsync().ConfigureAwait(false), bind);
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
