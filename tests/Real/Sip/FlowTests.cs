using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Phones that are reached on the connection that they have opened, and there alone (RFC 5626).</summary>
public sealed class FlowTests : IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<IPEndPoint, bool> registered = new();
    readonly BlockingCollection<CallEvent> events = [];
    readonly BlockingCollection<Hop> ended = [];
    readonly SignallingLoop silo;
    readonly SignallingLoop phone;

    public FlowTests()
    {
        silo = new SignallingLoop(new SignallingOptions(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Transports = [SipTransport.Tcp],
            Streams = new StreamLimits { IdleLimit = TimeSpan.FromMilliseconds(300) },
            Agent = sentBy => new UserAgentOptions(sentBy) { AcceptsRegisters = true, IsRegistered = registered.ContainsKey },
        }, events.Add);
        silo.ConnectionEnded += ended.Add;
        silo.Start();
        phone = new SignallingLoop(new SignallingOptions(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Transports = [SipTransport.Tcp],
            Agent = sentBy => new UserAgentOptions(sentBy) { AcceptsCalls = true },
        }, Answer);
        phone.Start();
    }

    IPEndPoint Registrar => silo.LocalEndPoint;

    public void Dispose()
    {
        phone.Dispose();
        silo.Dispose();
        events.Dispose();
        ended.Dispose();
    }

    [Fact]
    public async Task A_registered_phone_s_connection_and_one_with_a_call_outlive_the_limit_for_idle_ones()
    {
        var flow = Register();
        registered[flow.EndPoint] = true;
        await OutliveAsync();
        Call(flow, "first");
        registered.Clear();
        await OutliveAsync();
        silo.TryHangUp("first", HangUpReason.Normal);
        Take<Ended>();
        Assert.Equal(flow.Connection, Next(ended).Connection); // nobody needs it any more
    }

    [Fact]
    public async Task A_call_to_a_phone_whose_connection_is_gone_fails_at_once_and_reaches_nobody_else()
    {
        using var socket = new TcpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await socket.ConnectAsync(Registrar, TestContext.Current.CancellationToken);
        var source = (IPEndPoint)socket.Client.LocalEndPoint!;
        await socket.Client.SendAsync("\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(2, await socket.Client.ReceiveAsync(new byte[8], TestContext.Current.CancellationToken));
        socket.Client.LingerState = new LingerOption(true, 0);
        socket.Close();
        var flow = Next(ended);
        Assert.Equal(source, flow.EndPoint);
        // Whoever listens on that port now is somebody else.
        using var other = new TcpListener(source);
        other.Start();
        Assert.True(silo.TryInvite(Attempt(flow with { IsFlow = true }, "gone"), Sdp(silo), null));
        Assert.Equal((503, RefusedBy.Transport), Take<Refused>() is var r ? (r.Code, r.Source) : default);
        Assert.False(other.Pending());
    }

    /// <summary>A connection on which nothing is said is closed meanwhile.</summary>
    async Task OutliveAsync()
    {
        using var idle = new TcpClient();
        await idle.ConnectAsync(Registrar, TestContext.Current.CancellationToken);
        await idle.Client.SendAsync("\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(((IPEndPoint)idle.Client.LocalEndPoint!).Port, Next(ended).EndPoint.Port);
    }

    Hop Register()
    {
        phone.TryRegister(new("r", "sip:phones.test", "sip:anna@phones.test", $"sip:anna@{phone.SentBy}", phone.SentBy, $"{Registrar};transport=tcp",
            TimeSpan.FromMinutes(5)), null);
        var asked = Take<IncomingRegister>();
        silo.TryPost((agent, now) => agent.AnswerRegister(asked.CallKey, 200, [new(HeaderId.Contact, $"<sip:anna@{phone.SentBy}>;expires=300")], now));
        return asked.Source with { IsFlow = true };
    }

    void Call(Hop flow, string id)
    {
        Assert.True(silo.TryInvite(Attempt(flow, id), Sdp(silo), null));
        Take<Answered>();
        silo.TryAcknowledge(id);
    }

    InviteAttempt Attempt(Hop flow, string id) => InviteAttempt.Create(id, $"sip:a@{silo.SentBy}", "sip:anna@phones.test", flow, silo.SentBy);

    void Answer(CallEvent e)
    {
        if (e is IncomingCall call) phone.TryAnswer(call.CallKey, Sdp(phone));
    }

    T Take<T>() where T : CallEvent => Assert.IsType<T>(Next(events));

    static T Next<T>(BlockingCollection<T> from) => from.TryTake(out var next, Limit) ? next : throw new TimeoutException($"no {typeof(T).Name}");

    static byte[] Sdp(SignallingLoop loop) => new LocalAudio(new IPEndPoint(loop.LocalEndPoint.Address, 30_000), 1).Offer();
}
