using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace OrleansCallback.Sip.Net;

/// <summary>Makes the streams under connections: connects, and hands shakes for TLS, each within its limit.</summary>
sealed class StreamMaking(StreamLimits limits, TlsIdentity? tls, TimeProvider clock)
{
    /// <summary>Bytes that the operating system may hold for a peer that does not read; more than any one message.</summary>
    const int SendBufferBytes = 128 * 1024;

    /// <summary>Questions without an answer after which the operating system gives a connection up.</summary>
    const int KeepAliveRetries = 3;

    /// <summary>A connection of ours.</summary>
    public async Task<Stream> ConnectAsync(Hop hop, IPAddress local, bool isForSize, CancellationToken stop)
    {
        var socket = new Socket(hop.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket);
            // The address that peers know us by, where it is one of this machine's.
            if (local.AddressFamily == hop.EndPoint.AddressFamily) socket.Bind(new IPEndPoint(local, 0));
            var (longest, late) = isForSize ? (limits.SizeConnectLimit, StreamEnd.SizeConnectLimit) : (limits.ConnectLimit, StreamEnd.ConnectLimit);
            await WithinAsync(longest, late, StreamEnd.NotReached, limit => socket.ConnectAsync(hop.EndPoint, limit).AsTask(), stop)
                .ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (hop.Transport != SipTransport.Tls) return stream;
        var name = hop.ServerName ?? hop.EndPoint.Address.ToString();
        return await ShakeAsync(stream, (secure, limit) => secure.AuthenticateAsClientAsync(tls!.Client(name), limit), stop).ConfigureAwait(false);
    }

    /// <summary>A connection of the peer's.</summary>
    public async Task<Stream> AcceptAsync(Socket socket, PortBind bind, CancellationToken stop)
    {
        Prepare(socket);
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (bind.Transport != SipTransport.Tls) return stream;
        return await ShakeAsync(stream, (secure, limit) => secure.AuthenticateAsServerAsync(tls!.Server(bind.IsMutual), limit), stop).ConfigureAwait(false);
    }

    /// <summary>
    /// The operating system asks whether a silent peer is still there: that keeps the way through a NAT open and shows in time that a phone is gone
    /// which could not say so (RFC 9293 section 3.8.4).
    /// </summary>
    void Prepare(Socket socket)
    {
        (socket.NoDelay, socket.SendBufferSize) = (true, SendBufferBytes);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)limits.KeepAlive.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)limits.KeepAliveRetry.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveRetries);
    }

    async Task<Stream> ShakeAsync(NetworkStream inner, Func<SslStream, CancellationToken, Task> shake, CancellationToken stop)
    {
        var secure = new SslStream(inner);
        try
        {
            await WithinAsync(limits.HandshakeLimit, StreamEnd.HandshakeLimit, StreamEnd.Handshake, limit => shake(secure, limit), stop).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    async Task WithinAsync(TimeSpan limit, StreamEnd late, StreamEnd failed, Func<CancellationToken, Task> act, CancellationToken stop)
    {
        using var timer = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        try
        {
            await act(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new StreamFailure(stop.IsCancellationRequested ? StreamEnd.Stopping : late, e);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or InvalidOperationException)
        {
            throw new StreamFailure(failed, e);
        }
    }
}
