using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using OrleansCallback.Tests.Processes;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Peers that mean harm: each limit holds, is counted by its name, and leaves everybody else alone.</summary>
public sealed class HostileStreamTests : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    static readonly StreamLimits Limits = new()
    {
        MaxAccepted = 40, MaxAcceptedFromOne = 20, MaxUnsentBytes = 32 * 1024,
        MessageLimit = TimeSpan.FromMilliseconds(800), HandshakeLimit = TimeSpan.FromMilliseconds(500), IdleLimit = TimeSpan.FromSeconds(2),
    };

    readonly TestCertificates certificates = new();
    readonly TlsIdentity identity;
    readonly SignallingLoop loop;
    readonly MeterListener meter = new();
    readonly ConcurrentDictionary<string, long> counted = new();

    public HostileStreamTests()
    {
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "OrleansCallback.Sip") listener.EnableMeasurementEvents(instrument);
        };
        meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (var (name, tag) in tags)
            {
                if (name == "reason") counted.AddOrUpdate($"{instrument.Name} {tag}", value, (_, sum) => sum + value);
            }
        });
        meter.Start();
        identity = certificates.Identity(false, "127.0.0.1");
        loop = new SignallingLoop(new SignallingOptions(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Transports = [SipTransport.Udp, SipTransport.Tcp, SipTransport.Tls],
            Tls = identity,
            Streams = Limits,
            Agent = sentBy => new UserAgentOptions(sentBy) { StrangerRate = 1, StrangerBurst = 10, IsKnown = a => !a.Equals(Stranger) },
        }, _ => { });
        loop.Start();
    }

    static IPAddress Stranger { get; } = IPAddress.Parse("127.0.0.66");

    public void Dispose()
    {
        loop.Dispose();
        meter.Dispose();
        identity.Dispose();
        certificates.Dispose();
    }

    IPEndPoint At(SipTransport transport) => loop.EndPoints.Single(e => e.Transport == transport).EndPoint;

    Socket Connect(SipTransport transport = SipTransport.Tcp, int receiveBuffer = 64 * 1024)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = 10_000, SendTimeout = 10_000, NoDelay = true, ReceiveBufferSize = receiveBuffer,
        };
        socket.Connect(At(transport));
        return socket;
    }

    static byte[] Options(int n, string length = "Content-Length: 0\r\n") => Encoding.ASCII.GetBytes(
        $"OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK{n}\r\nMax-Forwards: 70\r\nFrom: <sip:x@y>;tag={n}\r\n"
        + $"To: <sip:a@b>\r\nCall-ID: c{n}\r\nCSeq: 1 OPTIONS\r\n{length}\r\n");

    static string Read(Socket socket)
    {
        var buffer = new byte[8_192];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    }

    static bool IsClosed(Socket socket)
    {
        try
        {
            var buffer = new byte[8_192];
            while (socket.Receive(buffer) > 0) { }
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown;
        }
    }

    Task CountedAsync(string what, long atLeast = 1) => Waiting.UntilAsync($"{atLeast} of {what}", Limit, () => counted.GetValueOrDefault(what) >= atLeast);

    [Fact]
    public async Task One_address_cannot_take_all_connections()
    {
        var sockets = Enumerable.Range(0, Limits.MaxAcceptedFromOne).Select(_ => Connect()).ToList();
        foreach (var socket in sockets) socket.Send(Options(1));
        foreach (var socket in sockets) Assert.StartsWith("SIP/2.0 200", Read(socket), StringComparison.Ordinal);
        using (var extra = Connect()) Assert.True(IsClosed(extra));
        await CountedAsync("sip.connections.refused MaxAcceptedFromOne");
        foreach (var socket in sockets) socket.Dispose();
        await CountedAsync("sip.connections.ended ByPeer", sockets.Count);
        using var again = Connect();
        again.Send(Options(2));
        Assert.StartsWith("SIP/2.0 200", Read(again), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_says_nothing_or_half_a_message_is_cut_off_and_who_types_slowly_is_heard()
    {
        using Socket silent = Connect(), half = Connect(), slow = Connect(), shaking = Connect(SipTransport.Tls);
        half.Send(Options(1)[..60]);
        foreach (var b in Options(2)) slow.Send([b]);
        Assert.StartsWith("SIP/2.0 200", Read(slow), StringComparison.Ordinal);
        slow.Send("\r\n\r\n"u8);
        Assert.Equal("\r\n", Read(slow)); // RFC 5626 section 4.4.1
        Assert.True(IsClosed(silent) && IsClosed(half) && IsClosed(shaking));
        await CountedAsync("sip.connections.ended MessageLimit", 2);
        await CountedAsync("sip.connections.ended HandshakeLimit");
        Assert.True(IsClosed(slow));
        await CountedAsync("sip.connections.ended IdleLimit");
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "", "Garbage")]
    [InlineData("no length", "SIP/2.0 400", "NoContentLength")]
    [InlineData("too large", "SIP/2.0 513", "TooLarge")]
    public async Task What_cannot_be_cut_is_answered_if_possible_and_closed(string what, string answer, string reason)
    {
        using var socket = Connect();
        socket.Send(what switch
        {
            "no length" => Options(1, ""),
            "too large" => Options(1, "Content-Length: 70000\r\n"),
            _ => Encoding.ASCII.GetBytes(what),
        });
        if (answer.Length > 0) Assert.StartsWith(answer, Read(socket), StringComparison.Ordinal);
        Assert.True(IsClosed(socket));
        await CountedAsync($"sip.streams.faults {reason}");
    }

    [Fact]
    public async Task Random_bytes_over_TCP_and_TLS_end_their_connection_alone()
    {
        var random = new Random(1);
        using var good = Connect();
        for (var i = 0; i < 60; i++)
        {
            using var socket = Connect(i % 3 == 0 ? SipTransport.Tls : SipTransport.Tcp);
            var noise = new byte[random.Next(1, 5_000)];
            random.NextBytes(noise);
            try
            {
                socket.Send(noise);
                socket.Shutdown(SocketShutdown.Send);
                Assert.True(IsClosed(socket));
            }
            catch (SocketException)
            {
                // Closed while we were still writing.
            }
            if (i % 10 != 0) continue;
            good.Send(Options(i));
            Assert.StartsWith("SIP/2.0 200", Read(good), StringComparison.Ordinal);
        }
        await CountedAsync("sip.connections.ended Handshake");
    }

    [Fact]
    public async Task Who_reads_no_answers_is_cut_off()
    {
        using var socket = Connect(receiveBuffer: 4_096);
        try
        {
            for (var i = 0; counted.GetValueOrDefault("sip.connections.ended MaxUnsentBytes") == 0; i++) socket.Send(Options(i));
        }
        catch (SocketException)
        {
            // Cut off while we were still writing.
        }
        await CountedAsync("sip.connections.ended MaxUnsentBytes");
    }

    [Fact]
    public async Task A_stranger_that_floods_gets_silence_and_others_get_answers()
    {
        using var flood = new UdpClient(new IPEndPoint(Stranger, 0));
        for (var i = 0; i < 500; i++) await flood.SendAsync(Options(i), At(SipTransport.Udp), TestContext.Current.CancellationToken);
        await CountedAsync("sip.datagrams.dropped Limited", 400);
        using var known = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await known.SendAsync(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Options(1)).Replace("TCP 127.0.0.1:9", "UDP 127.0.0.1:9;rport", StringComparison.Ordinal)),
            At(SipTransport.Udp), TestContext.Current.CancellationToken);
        var answer = await known.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.Contains($";rport={((IPEndPoint)known.Client.LocalEndPoint!).Port};received=127.0.0.1", Encoding.ASCII.GetString(answer.Buffer), StringComparison.Ordinal);
    }
}
