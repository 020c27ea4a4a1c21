using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Signalling loops on real sockets of the loopback interface.</summary>
public sealed class SignallingLoopTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Timers short enough for a test to see tables become empty, and long enough for a busy machine (64 × T1 is near 4 s).</summary>
    static SignallingOptions Options(bool acceptsCalls = false) => new(new IPEndPoint(IPAddress.Loopback, 0))
    {
        Agent = sentBy => new UserAgentOptions(sentBy) { AcceptsCalls = acceptsCalls, Timers = new SipTimers { T1 = TimeSpan.FromMilliseconds(60) } },
    };

    static byte[] Sdp(SignallingLoop loop) => new LocalAudio(new IPEndPoint(loop.LocalEndPoint.Address, 30_000), 1).Offer();

    static InviteAttempt Attempt(SignallingLoop from, IPEndPoint to, string id) =>
        InviteAttempt.Create(id, $"sip:a@{from.SentBy}", $"sip:b@{to}", to, from.SentBy);

    static SignallingLoop Phone()
    {
        SignallingLoop phone = null!;
        phone = new SignallingLoop(Options(acceptsCalls: true), e =>
        {
            if (e is IncomingCall call) phone.TryAnswer(call.CallKey, Sdp(phone));
        });
        phone.Start();
        return phone;
    }

    /// <summary>A caller that hangs up as soon as it is answered, and the ends of its calls.</summary>
    static (SignallingLoop Loop, BlockingCollection<TerminalEvent> Ends) Caller(SignallingOptions? options = null)
    {
        var ends = new BlockingCollection<TerminalEvent>();
        SignallingLoop loop = null!;
        loop = new SignallingLoop(options ?? Options(), e =>
        {
            if (e is Answered)
            {
                loop.TryAcknowledge(e.CallKey);
                loop.TryHangUp(e.CallKey, HangUpReason.Normal);
            }
            if (e is TerminalEvent end) ends.Add(end);
        });
        loop.Start();
        return (loop, ends);
    }

    static TerminalEvent Take(BlockingCollection<TerminalEvent> ends) =>
        ends.TryTake(out var end, Limit) ? end : throw new TimeoutException("no call ended");

    [Fact]
    public void Calls_from_many_threads_end_once_each_and_leave_nothing()
    {
        using var phone = Phone();
        var (caller, ends) = Caller();
        using var _ = caller;
        Parallel.For(0, 400, i => Assert.True(caller.TryInvite(Attempt(caller, phone.LocalEndPoint, $"call-{i}"), Sdp(caller), null)));
        var keys = Enumerable.Range(0, 400).Select(_ => Assert.IsType<Ended>(Take(ends)).CallKey).ToHashSet();
        Assert.Equal(400, keys.Count);
        Assert.True(SpinWait.SpinUntil(() => caller.Calls + caller.Transactions + phone.Calls + phone.Transactions == 0, Limit));
        Assert.Empty(ends);
    }

    [Fact]
    public void Garbage_and_closed_ports_do_not_disturb_a_loop()
    {
        using var phone = Phone();
        var (caller, ends) = Caller();
        using var _ = caller;
        using var noise = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var closed = (IPEndPoint)noise.Client.LocalEndPoint!;
        noise.Send([], caller.LocalEndPoint);
        noise.Send("\r\n\r\n"u8, caller.LocalEndPoint);
        for (var i = 0; i < 200; i++) noise.Send(Enumerable.Range(0, i * 100).Select(n => (byte)(n * i)).ToArray(), caller.LocalEndPoint);
        noise.Close();
        caller.TryInvite(Attempt(caller, closed, "to-nobody"), Sdp(caller), null);
        caller.TryInvite(Attempt(caller, new IPEndPoint(IPAddress.IPv6Loopback, 5060), "other-family"), Sdp(caller), null);
        caller.TryInvite(Attempt(caller, phone.LocalEndPoint, "good"), Sdp(caller), null);
        var found = Enumerable.Range(0, 3).Select(_ => Take(ends)).ToDictionary(e => e.CallKey);
        Assert.IsType<Ended>(found["good"]);
        Assert.Equal(408, Assert.IsType<Refused>(found["to-nobody"]).Code);
        Assert.Equal(408, Assert.IsType<Refused>(found["other-family"]).Code);
    }

    [Fact]
    public void A_callback_that_throws_is_told_and_the_loop_goes_on()
    {
        using var phone = Phone();
        var faults = new BlockingCollection<Exception>();
        using var caller = new SignallingLoop(Options(), e => throw new InvalidOperationException(e.CallKey));
        caller.Faulted += faults.Add;
        caller.Start();
        foreach (var id in (string[])["one", "two"])
        {
            caller.TryInvite(Attempt(caller, phone.LocalEndPoint, id), Sdp(caller), null);
            Assert.True(faults.TryTake(out var fault, Limit));
            Assert.Equal(id, fault.Message);
        }
    }

    [Fact]
    public void A_clock_that_jumps_is_a_gap()
    {
        var clock = new JumpingClock();
        var gaps = new BlockingCollection<TimeSpan>();
        using var loop = new SignallingLoop(Options() with { Clock = clock }, _ => { });
        loop.ClockGap += gaps.Add;
        loop.Start();
        Assert.True(loop.TryPost((_, _) => { }));
        Assert.False(gaps.TryTake(out _, TimeSpan.FromMilliseconds(700)));
        clock.Jump(TimeSpan.FromSeconds(5));
        Assert.True(gaps.TryTake(out var gap, Limit));
        Assert.InRange(gap.TotalSeconds, 5, 8);
    }

    [Fact]
    public void A_disposed_loop_is_silent_and_frees_its_port()
    {
        var (caller, _) = Caller();
        var address = caller.LocalEndPoint;
        caller.Dispose();
        caller.Dispose();
        Assert.False(caller.TryHangUp("any", HangUpReason.Normal));
        using var again = new SignallingLoop(Options() with { Bind = address }, _ => { });
        Assert.Equal(address, again.LocalEndPoint);
    }

    [Fact]
    public void A_wildcard_needs_the_address_that_peers_see() =>
        Assert.Throws<ArgumentException>(() => new SignallingLoop(new SignallingOptions(new IPEndPoint(IPAddress.Any, 0)), _ => { }));

    [Fact]
    public void A_full_command_queue_refuses()
    {
        using var loop = new SignallingLoop(Options() with { MaxCommands = 3 }, _ => { });
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => loop.TryPost((_, _) => { })));
    }

    sealed class JumpingClock : TimeProvider
    {
        long offset;

        public void Jump(TimeSpan by) => Interlocked.Add(ref offset, (long)(by.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref offset);
    }
}
