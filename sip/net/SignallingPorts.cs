using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Sip.Net;

/// <summary>The bound sockets of one loop and our addresses as peers see them.</summary>
sealed class SignallingPorts : IDisposable
{
    /// <summary>Tries at a set of free ports that fit each other.</summary>
    const int Tries = 8;

    public SignallingPorts(SignallingOptions options, Action wake, Action<NotConnected> notConnected, Action<Hop> ended)
    {
        Check(options);
        SpeaksUdp = options.Transports.Contains(SipTransport.Udp);
        (Socket, Streams) = Bind(options, wake, notConnected, ended);
        IReadOnlyList<PortBind> all = [.. SpeaksUdp ? [new PortBind(SipTransport.Udp, Socket.LocalEndPoint)] : Array.Empty<PortBind>(), .. Streams.Listening];
        EndPoints = [.. all.Select(bound => (bound.Transport, bound.EndPoint))];
        Addresses = [.. all.SelectMany(bound => Of(options, bound))];
        SentBy = Addresses[0].HostPort.ToString();
    }

    public bool SpeaksUdp { get; }

    /// <summary>The datagram socket; without UDP one that only wakes the loop.</summary>
    public SignallingSocket Socket { get; }

    public StreamTransport Streams { get; }

    public IReadOnlyList<(SipTransport Transport, IPEndPoint EndPoint)> EndPoints { get; }

    public IReadOnlyList<LocalAddress> Addresses { get; }

    /// <summary>The first of <see cref="Addresses"/>.</summary>
    public string SentBy { get; }

    public void Dispose()
    {
        Streams.Dispose();
        Socket.Dispose();
    }

    static void Check(SignallingOptions options)
    {
        var wildcard = options.Bind.Address.Equals(IPAddress.Any) || options.Bind.Address.Equals(IPAddress.IPv6Any);
        if (wildcard && options.Advertised.Count == 0)
            throw new ArgumentException($"{options.Bind} is a wildcard: set Advertised to the addresses that peers see", nameof(options));
        if (options.Transports.Count == 0) throw new ArgumentException("Transports is empty", nameof(options));
        if (options.Transports.Contains(SipTransport.Tls) && options.Tls is null)
            throw new ArgumentException("Transports has TLS, and Tls no certificate", nameof(options));
    }

    static IEnumerable<LocalAddress> Of(SignallingOptions options, PortBind bound) => Hosts(options).Select(host =>
        new LocalAddress(bound.Transport, HostPort.From(new IPEndPoint(host, bound.EndPoint.Port)), bound.IsMutual));

    static IEnumerable<IPAddress> Hosts(SignallingOptions options) => options.Advertised.Count > 0 ? options.Advertised : [options.Bind.Address];

    (SignallingSocket, StreamTransport) Bind(
        SignallingOptions options, Action wake, Action<NotConnected> notConnected, Action<Hop> ended)
    {
        for (var i = 1; ; i++)
        {
            var bind = SpeaksUdp ? options.Bind : new IPEndPoint(IPAddress.Loopback, 0);
            var socket = new SignallingSocket(bind, options.SocketBufferBytes);
            try
            {
                return (socket, new StreamTransport(options.Streams, options.Tls, Listeners(options), options.Clock, wake, notConnected, ended));
            }
            catch (SocketException) when (options.Bind.Port == 0 && i < Tries)
            {
                socket.Dispose();
            }
            catch (SocketException)
            {
                socket.Dispose();
                throw;
            }
        }
    }

    static List<PortBind> Listeners(SignallingOptions options)
    {
        var udp = options.Bind.Port;
        var list = new List<PortBind>();
        void Add(SipTransport transport, int port, bool isMutual = false) => list.Add(new(transport, new IPEndPoint(options.Bind.Address, port), isMutual));
        if (options.Transports.Contains(SipTransport.Tcp)) Add(SipTransport.Tcp, options.TcpPort > 0 ? options.TcpPort : udp);
        if (!options.Transports.Contains(SipTransport.Tls)) return list;
        Add(SipTransport.Tls, options.TlsPort > 0 ? options.TlsPort : udp == 0 ? 0 : udp + 1);
        if (options.MutualTlsPort > 0) Add(SipTransport.Tls, options.MutualTlsPort, isMutual: true);
        return list;
    }
}
