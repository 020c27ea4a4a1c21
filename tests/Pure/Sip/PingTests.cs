using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

public sealed class PingTests
{
    static readonly OptionsPing Ping = new("p-1", "sip:192.0.2.2", "sip:ping@192.0.2.1", "192.0.2.1:5060", Wire.Peer.ToString(), "Sample");

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(401)]
    public void Any_answer_to_OPTIONS_is_told_and_leaves_nothing(int code)
    {
        var bench = new Bench();
        Assert.Equal(CommandResult.Done, bench.Agent.Ping(Ping, bench.Now));
        var options = bench.SentOne();
        Assert.Equal(("OPTIONS", "Sample"), (options.MethodName, options.Text(HeaderId.UserAgent)));
        bench.Send(Wire.Response(options, code, "b"));
        Assert.Equal(new OptionsAnswered("p-1", code, null), bench.Event<OptionsAnswered>());
        bench.AssertEmpties();
    }

    [Fact]
    public void A_503_tells_how_long_to_wait()
    {
        var bench = new Bench();
        bench.Agent.Ping(Ping, bench.Now);
        bench.Send(Wire.Response(bench.SentOne(), 503, "b", "Retry-After: 7\n"));
        Assert.Equal(TimeSpan.FromSeconds(7), bench.Event<OptionsAnswered>().RetryAfter);
    }

    [Fact]
    public void Silence_is_told_after_timer_F()
    {
        var bench = new Bench();
        bench.Agent.Ping(Ping, bench.Now);
        bench.Pass(33);
        Assert.Equal(new OptionsAnswered("p-1", null, null, RefusedBy.Timeout), bench.Event<OptionsAnswered>());
        bench.AssertEmpties();
    }

    [Fact]
    public void What_could_not_be_sent_is_no_silence()
    {
        var bench = new Bench(Bench.Options with { MaxTransactions = 0 });
        Assert.Equal(CommandResult.Full, bench.Agent.Ping(Ping, bench.Now));
        Assert.Equal(RefusedBy.Local, bench.Event<OptionsAnswered>().By);
        bench = new Bench();
        bench.Agent.Ping(Ping with { Target = "192.0.2.2:5060;transport=tcp" }, bench.Now);
        bench.Agent.Unreachable(new Hop(SipTransport.Tcp, Wire.Peer), bench.Now);
        Assert.Equal(RefusedBy.Transport, bench.Event<OptionsAnswered>().By);
        bench.Sent();
        bench.AssertEmpties();
    }

    [Fact]
    public void The_first_response_is_told_to_who_wants_to_know()
    {
        var bench = new Bench();
        bench.Agent.Invite(Bench.Attempt() with { TellsTrying = true }, Wire.Audio().Offer(), null, bench.Now);
        var invite = bench.SentOne();
        bench.Send(Wire.Response(invite, 100));
        bench.Send(Wire.Response(invite, 100));
        bench.Event<Trying>();
    }

    [Fact]
    public void An_INVITE_carries_what_its_trunk_wants()
    {
        var bench = new Bench();
        var attempt = Bench.Attempt() with { Privacy = "id", Product = "Sample", ExtraHeaders = [new("X-Account", "77\r\nEvil: 1")] };
        bench.Agent.Invite(attempt, Wire.Audio().Offer(), null, bench.Now);
        var invite = bench.SentOne();
        Assert.Equal(("id", "Sample"), (invite.Text(HeaderId.Privacy), invite.Text(HeaderId.UserAgent)));
        Assert.Equal("77  Evil: 1", invite.Header("X-Account"));
    }
}
