using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Whole calls over TCP, TLS and IPv6 between two signalling loops, and what happens when the other end is gone.</summary>
public sealed class StreamLoopTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    static readonly SipTransport[] All = [SipTransport.Udp, SipTransport.Tcp, SipTransport.Tls];

    static SignallingOptions Options(IPAddress address, TlsIdentity tls, bool acceptsCalls = false) => new(new IPEndPoint(address, 0))
    {
        Transports = All,
        Tls = tls,
        Agent = sentBy => new UserAgentOptions(sentBy) { AcceptsCalls = acceptsCalls, Timers = new SipTimers { T1 = TimeSpan.FromMilliseconds(60) } },
    };

    static SignallingLoop Phone(SignallingOptions options)
    {
        SignallingLoop phone = null!;
        phone = new SignallingLoop(options, e =>
        {
            if (e is IncomingCall call) phone.TryAnswer(call.CallKey, Sdp(phone));
        });
        phone.Start();
        return phone;
    }

    static byte[] Sdp(SignallingLoop loop) => new LocalAudio(new IPEndPoint(loop.LocalEndPoint.Address, 30_000), 1).Offer();

    static (SignallingLoop Loop, BlockingCollection<CallEvent> Events) Caller(SignallingOptions options)
    {
        var events = new BlockingCollection<CallEvent>();
        var loop = new SignallingLoop(options, events.Add);
        loop.Start();
        return (loop, events);
    }

    static T Take<T>(BlockingCollection<CallEvent> events) where T : CallEvent =>
        events.TryTake(out var e, Limit) ? Assert.IsType<T>(e) : throw new TimeoutException($"no {typeof(T).Name}");

    static Hop At(SignallingLoop phone, SipTransport transport) => new(transport, phone.EndPoints.Single(e => e.Transport == transport).EndPoint);

    static void Call(SignallingLoop caller, Hop to, string id) => Assert.True(caller.TryInvite(
        InviteAttempt.Create(id, $"sip:a@{caller.SentBy}", $"sip:b@{HostPort.From(to.EndPoint)}", to, caller.SentBy), Sdp(caller), null));

    [Theory]
    [InlineData("127.0.0.1", SipTransport.Udp)]
    [InlineData("127.0.0.1", SipTransport.Tcp)]
    [InlineData("127.0.0.1", SipTransport.Tls)]
    [InlineData("::1", SipTransport.Udp)]
    [InlineData("::1", SipTransport.Tcp)]
    [InlineData("::1", SipTransport.Tls)]
    public void A_call_goes_from_INVITE_to_BYE(string host, SipTransport transport)
    {
        using var certificates = new TestCertificates();
        var address = IPAddress.Parse(host);
        using var phone = Phone(Options(address, certificates.Identity(true, host), acceptsCalls: true));
        var (caller, events) = Caller(Options(address, certificates.Identity(true, host)));
        using (caller)
        {
            Call(caller, At(phone, transport), "call");
            var answered = Take<Answered>(events);
            Assert.Contains(transport == SipTransport.Udp ? "sip:" : $"transport={transport.ParameterName()}", answered.Dialog.RemoteTarget, StringComparison.Ordinal);
            caller.TryAcknowledge("call");
            caller.TryHangUp("call", HangUpReason.Normal);
            Take<Ended>(events);
            SpinUntil(() => (caller.Transactions, caller.Calls, phone.Calls, phone.Transactions) == (0, 0, 0, 0));
        }
    }

    [Theory]
    [InlineData("elsewhere.example")]
    [InlineData("127.0.0.2")]
    public void A_certificate_of_another_name_is_not_called(string name)
    {
        using var certificates = new TestCertificates();
        using var phone = Phone(Options(IPAddress.Loopback, certificates.Identity(false, name), acceptsCalls: true));
        var (caller, events) = Caller(Options(IPAddress.Loopback, certificates.Identity(false, "127.0.0.1")));
        using (caller)
        {
            Call(caller, At(phone, SipTransport.Tls), "call");
            Assert.Equal(503, Take<Refused>(events).Code);
        }
    }

    [Theory]
    [InlineData(true, "sip:127.0.0.1")]
    [InlineData(true, "sip:other.example", "sip:127.0.0.1")]
    [InlineData(true, "sip:someone@127.0.0.1", "https://127.0.0.1/", "127.0.0.1")] // neither names a domain: the address counts
    [InlineData(false, "sip:other.example", "127.0.0.1")] // a domain of SIP's own goes before all else
    [InlineData(false, "sips:127.0.0.1")]
    [InlineData(false, "sip:someone@127.0.0.1")]
    public void A_certificate_may_name_its_domain_by_a_SIP_URI(bool called, params string[] names)
    {
        using var certificates = new TestCertificates();
        using var phone = Phone(Options(IPAddress.Loopback, certificates.Identity(false, names), acceptsCalls: true));
        var (caller, events) = Caller(Options(IPAddress.Loopback, certificates.Identity(false, "127.0.0.1")));
        using (caller)
        {
            Call(caller, At(phone, SipTransport.Tls), "call");
            if (called) Take<Answered>(events);
            else Assert.Equal(503, Take<Refused>(events).Code);
        }
    }

    [Fact]
    public void A_caller_without_a_certificate_that_is_trusted_is_not_answered()
    {
        using var certificates = new TestCertificates();
        using var strangers = new TestCertificates();
        using var phone = Phone(Options(IPAddress.Loopback, certificates.Identity(true, "127.0.0.1"), acceptsCalls: true));
        var (certificate, key) = strangers.For("127.0.0.1");
        using var stranger = TlsIdentity.Load(certificate, key, certificates.Root, false);
        var (caller, events) = Caller(Options(IPAddress.Loopback, stranger));
        using (caller)
        {
            Call(caller, At(phone, SipTransport.Tls), "call");
            Assert.Equal((503, RefusedBy.Transport), Take<Refused>(events) is var r ? (r.Code, r.Source) : default);
        }
    }

    [Fact]
    public void A_refused_connection_and_a_peer_that_hangs_up_fail_the_call_at_once()
    {
        using var certificates = new TestCertificates();
        var (caller, events) = Caller(Options(IPAddress.Loopback, certificates.Identity(false, "127.0.0.1")) with
        {
            Agent = sentBy => new UserAgentOptions(sentBy), // timer B would be 32 s
        });
        using (caller)
        {
            var clock = Stopwatch.StartNew();
            Call(caller, new Hop(SipTransport.Tcp, FreePorts.Tcp() is var port ? new IPEndPoint(IPAddress.Loopback, port) : null!), "refused");
            Assert.Equal((503, RefusedBy.Transport), Take<Refused>(events) is var r ? (r.Code, r.Source) : default);
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            Call(caller, new Hop(SipTransport.Tcp, (IPEndPoint)listener.LocalEndpoint), "closed");
            Assert.True(listener.Server.Poll(Limit, SelectMode.SelectRead));
            using (var accepted = listener.AcceptSocket()) accepted.Receive(new byte[100]);
            Assert.Equal("closed", Take<Refused>(events).CallKey);
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        }
    }

    [Fact]
    public void A_large_INVITE_goes_by_TCP_or_by_UDP_to_who_refuses_TCP()
    {
        using var certificates = new TestCertificates();
        var (caller, events) = Caller(Options(IPAddress.Loopback, certificates.Identity(false, "127.0.0.1")));
        using (caller)
        {
            foreach (var transports in (SipTransport[][])[[SipTransport.Udp, SipTransport.Tcp], [SipTransport.Udp]])
            {
                var bind = FreePorts.Udp("127.0.0.1");
                var by = new ConcurrentQueue<string>();
                SignallingLoop phone = null!;
                using var made = phone = new SignallingLoop(
                    Options(IPAddress.Loopback, certificates.Identity(false, "127.0.0.1"), acceptsCalls: true) with { Bind = bind, Transports = transports }, e =>
                {
                    if (e is not IncomingCall call) return;
                    by.Enqueue(call.Request.TopVia!.Transport);
                    phone.TryReject(call.CallKey, 486);
                });
                phone.Start();
                var attempt = InviteAttempt.Create($"to {transports.Length}", $"sip:a@{caller.SentBy}", $"sip:b@{bind}", bind, caller.SentBy);
                var padding = System.Text.Encoding.ASCII.GetBytes($"a=x:{new string('x', 1_300)}\r\n");
                caller.TryInvite(attempt, (byte[])[.. Sdp(caller), .. padding], null);
                Assert.Equal(486, Take<Refused>(events).Code);
                Assert.Equal([transports.Length == 2 ? "TCP" : "UDP"], by);
            }
        }
    }

    [Fact]
    public void A_large_INVITE_to_who_drops_TCP_without_a_word_goes_by_UDP_within_about_a_second()
    {
        using var certificates = new TestCertificates();
        var bind = FreePorts.Udp("127.0.0.1");
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(bind);
        full.Listen(0);
        // Once nobody takes what has come, the operating system drops every further SYN, as a firewall does.
        var filling = Enumerable.Range(0, 4).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false }).ToList();
        foreach (var one in filling)
        {
            try
            {
                one.Connect(bind);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // On its way, or dropped.
            }
        }

        SignallingLoop phone = null!;
        using var made = phone = new SignallingLoop(
            Options(IPAddress.Loopback, certificates.Identity(false, "127.0.0.1"), acceptsCalls: true) with { Bind = bind, Transports = [SipTransport.Udp] }, e =>
            {
                if (e is IncomingCall call) phone.TryReject(call.CallKey, 486);
            });
        phone.Start();
        var (caller, events) = Caller(Options(IPAddress.Loopback, certificates.Identity(false, "127.0.0.1")) with { Agent = sentBy => new UserAgentOptions(sentBy) });
        using (caller)
        {
            foreach (var (id, longest) in (ReadOnlySpan<(string, double)>)[("first", 2), ("second", 0.5)])
            {
                var clock = Stopwatch.StartNew();
                var attempt = InviteAttempt.Create(id, $"sip:a@{caller.SentBy}", $"sip:b@{bind}", bind, caller.SentBy);
                caller.TryInvite(attempt with { ExtraHeaders = [new("X-Padding", new string('x', 1_300))] }, Sdp(caller), null);
                Assert.Equal((486, RefusedBy.Peer), Take<Refused>(events) is var r ? (r.Code, r.Source) : default);
                Assert.InRange(clock.Elapsed.TotalSeconds, 0, longest);
            }
        }

        foreach (var one in filling) one.Dispose();
    }

    [Fact]
    public void A_response_whose_connection_is_gone_goes_to_where_Via_says()
    {
        using var certificates = new TestCertificates();
        var calls = new BlockingCollection<string>();
        using var phone = new SignallingLoop(Options(IPAddress.Loopback, certificates.Identity(false, "127.0.0.1"), acceptsCalls: true), e =>
        {
            if (e is IncomingCall call) calls.Add(call.CallKey);
        });
        phone.Start();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using (var socket = new TcpClient())
        {
            socket.Connect(At(phone, SipTransport.Tcp).EndPoint);
            var head = $"INVITE sip:b@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP {listener.LocalEndpoint};branch=z9hG4bK7\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\n"
                + "To: <sip:c@d>\r\nCall-ID: gone\r\nCSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1>\r\nContent-Length: 0\r\n\r\n";
            socket.Client.Send(System.Text.Encoding.ASCII.GetBytes(head));
            Assert.True(calls.TryTake(out var key, Limit));
            socket.Client.LingerState = new LingerOption(true, 0);
            socket.Close();
            phone.TryReject(key, 486);
        }
        Assert.True(listener.Server.Poll(Limit, SelectMode.SelectRead));
        using var again = listener.AcceptSocket();
        again.ReceiveTimeout = (int)Limit.TotalMilliseconds;
        var buffer = new byte[4_096];
        Assert.Contains("SIP/2.0 486", System.Text.Encoding.ASCII.GetString(buffer, 0, again.Receive(buffer)), StringComparison.Ordinal);
    }

    static void SpinUntil(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Limit));
}
