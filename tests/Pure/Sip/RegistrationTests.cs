using System.Globalization;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>One registration, message by message, on a clock that is moved by hand.</summary>
public sealed class RegistrationTests
{
    static readonly Registration Ours = new(
        "r-1", "sip:carrier.test", "sip:site@carrier.test", "sip:site@192.0.2.1:5060", "192.0.2.1:5060", Wire.Peer.ToString(), TimeSpan.FromSeconds(600), "Sample");

    static readonly Credentials Secret = new("site", "secret");

    readonly Bench bench = new();

    [Fact]
    public void A_registration_is_made_told_and_refreshed_before_it_lapses_under_one_Call_ID()
    {
        var first = Start();
        Assert.Equal("REGISTER sip:carrier.test", $"{first.MethodName} {System.Text.Encoding.UTF8.GetString(first.RequestUri)}");
        Assert.Equal(("<sip:site@192.0.2.1:5060>", "600", "path"), (first.Text(HeaderId.Contact), first.Text(HeaderId.Expires), first.Text(HeaderId.Supported)));
        Assert.Equal("<sip:site@carrier.test>", first.Text(HeaderId.To));
        bench.Send(Wire.Response(first, 200, "b", "Contact: <sip:other@192.0.2.7>;expires=9, <sip:site@192.0.2.1:5060>;expires=100\nExpires: 7\n"));
        var told = bench.Event<RegistrationChanged>();
        Assert.Equal((RegistrationState.Registered, 200, TimeSpan.FromSeconds(100)), (told.State, told.Code, told.GoodFor));
        Assert.InRange(told.NextTry!.Value.TotalSeconds, 40, 50);
        var second = Next(told);
        Assert.Equal((first.CallId, first.From!.Tag, 2), (second.CallId, second.From!.Tag, second.CSeq!.Number));
    }

    [Fact]
    public void A_challenge_is_answered_and_the_refresh_carries_credentials_at_once_until_the_nonce_is_stale()
    {
        var second = Challenged(Start(), "one");
        Assert.Contains("nc=00000001", second.Text(HeaderId.Authorization), StringComparison.Ordinal);
        var refresh = Next(Accept(second, 100));
        Assert.Contains("nonce=\"one\"", refresh.Text(HeaderId.Authorization), StringComparison.Ordinal);
        Assert.Contains("nc=00000002", refresh.Text(HeaderId.Authorization), StringComparison.Ordinal);
        var renewed = Challenged(refresh, "two", ", stale=true");
        Assert.Contains("nonce=\"two\"", renewed.Text(HeaderId.Authorization), StringComparison.Ordinal);
        Assert.Equal(RegistrationState.Registered, Accept(renewed, 100).State);
    }

    [Fact]
    public void A_wrong_password_is_told_and_tried_again_after_half_a_minute_at_most()
    {
        var second = Challenged(Start(), "one");
        bench.Send(Wire.Response(second, 401, "b", "WWW-Authenticate: Digest realm=\"r\", nonce=\"two\"\n"));
        var told = bench.Event<RegistrationChanged>();
        Assert.Equal((RegistrationState.Failed, 401, RefusedBy.Peer), (told.State, told.Code, told.Source));
        Assert.InRange(told.NextTry!.Value.TotalSeconds, 15, 30);
        Assert.Empty(bench.Sent());
        Next(told);
    }

    [Fact]
    public void A_423_is_answered_with_the_least_time_and_the_refresh_keeps_it()
    {
        bench.Send(Wire.Response(Start(), 423, "b", "Min-Expires: 1800\n"));
        var longer = bench.SentOne();
        Assert.Equal("1800", longer.Text(HeaderId.Expires));
        Assert.Equal("1800", Next(Accept(longer, 1_800)).Text(HeaderId.Expires));
    }

    [Theory]
    [InlineData("Min-Expires: 600\n")]
    [InlineData("Min-Expires: 4294967295\n")]
    [InlineData("Min-Expires: soon\n")]
    [InlineData("")]
    public void A_423_that_asks_for_nothing_that_can_be_given_is_a_failure(string header)
    {
        bench.Send(Wire.Response(Start(), 423, "b", header));
        Assert.Equal((RegistrationState.Failed, 423), Told());
        Assert.Empty(bench.Sent());
    }

    [Fact]
    public void A_registrar_that_asks_for_ever_longer_times_is_given_up()
    {
        var register = Start();
        for (var i = 1; i <= 3; i++)
        {
            bench.Send(Wire.Response(register, 423, "b", $"Min-Expires: {600 + i}\n"));
            register = bench.SentOne();
        }

        bench.Send(Wire.Response(register, 423, "b", "Min-Expires: 700\n"));
        Assert.Equal((RegistrationState.Failed, 423), Told());
    }

    [Fact]
    public void A_success_without_a_binding_is_a_failure()
    {
        bench.Send(Wire.Response(Start(), 200, "b", "Contact: <sip:site@192.0.2.1:5060>;expires=0\n"));
        Assert.Equal((RegistrationState.Failed, 200), Told());
    }

    [Fact]
    public void A_failed_refresh_leaves_the_binding_until_it_lapses()
    {
        bench.Send(Wire.Response(Next(Accept(Start(), 100)), 500, "b"));
        Assert.Equal((RegistrationState.Registered, 500), Told());
        bench.Pass(60);
        Assert.Contains(bench.Events().OfType<RegistrationChanged>(), told => told is { State: RegistrationState.Failed, GoodFor.Ticks: 0 });
    }

    [Fact]
    public void A_binding_that_lapses_while_its_refresh_is_unanswered_is_lost_by_silence()
    {
        Next(Accept(Start(), 10));
        bench.Pass(9);
        var told = bench.Event<RegistrationChanged>();
        Assert.Equal((RegistrationState.Failed, 408, RefusedBy.Timeout), (told.State, told.Code, told.Source));
        Accept(bench.Sent()[^1], 10);
    }

    [Fact]
    public void Retry_After_is_heeded_up_to_an_hour()
    {
        bench.Send(Wire.Response(Start(), 503, "b", "Retry-After: 120\n"));
        Assert.Equal(120, bench.Event<RegistrationChanged>().NextTry!.Value.TotalSeconds);
        bench.Pass(120);
        bench.Send(Wire.Response(bench.SentOne(), 503, "b", "Retry-After: 86400\n"));
        Assert.Equal(3_600, bench.Event<RegistrationChanged>().NextTry!.Value.TotalSeconds);
    }

    [Fact]
    public void Silence_is_told_after_timer_F()
    {
        Start();
        bench.Pass(32);
        Assert.Equal((RegistrationState.Failed, 408), Told());
    }

    [Fact]
    public void Service_routes_are_told_in_their_order_and_gone_with_the_binding()
    {
        bench.Send(Wire.Response(
            Start(), 200, "b", "Contact: <sip:site@192.0.2.1:5060>;expires=60\nService-Route: <sip:one.test;lr>, <sip:two.test;lr>\nService-Route: <mailto:x@y>\n"));
        Assert.Equal(["<sip:one.test;lr>", "<sip:two.test;lr>"], bench.Event<RegistrationChanged>().ServiceRoutes);
        bench.Pass(70);
        Assert.Contains(bench.Events().OfType<RegistrationChanged>(), told => told.State == RegistrationState.Failed && told.ServiceRoutes.Count == 0);
    }

    [Fact]
    public void A_registration_is_taken_back_with_its_credentials_and_leaves_nothing()
    {
        Accept(Challenged(Start(), "one"), 100);
        Assert.Equal(CommandResult.Done, bench.Agent.Unregister("r-1", bench.Now));
        var last = bench.SentOne();
        Assert.Equal(("0", "<sip:site@192.0.2.1:5060>"), (last.Text(HeaderId.Expires), last.Text(HeaderId.Contact)));
        Assert.Contains("nc=00000002", last.Text(HeaderId.Authorization), StringComparison.Ordinal);
        bench.Send(Wire.Response(last, 200, "b"));
        Assert.Equal((RegistrationState.Ended, 200), Told());
        Assert.Equal(CommandResult.UnknownCall, bench.Agent.Unregister("r-1", bench.Now));
        bench.AssertEmpties();
    }

    [Fact]
    public void What_is_under_way_comes_to_its_end_before_the_registration_is_taken_back()
    {
        var register = Start();
        bench.Agent.Unregister("r-1", bench.Now);
        Assert.Empty(bench.Sent());
        bench.Send(Wire.Response(register, 200, "b"));
        var last = bench.SentOne();
        Assert.Equal("0", last.Text(HeaderId.Expires));
        bench.Send(Wire.Response(last, 503, "b"));
        Assert.Equal((RegistrationState.Ended, 503), Told());
        bench.AssertEmpties();
    }

    [Fact]
    public void What_was_never_registered_is_not_taken_back()
    {
        bench.Send(Wire.Response(Start(), 403, "b"));
        Assert.Equal((RegistrationState.Failed, 403), Told());
        bench.Agent.Unregister("r-1", bench.Now);
        Assert.Empty(bench.Sent());
        Assert.Equal((RegistrationState.Ended, 403), Told());
        bench.AssertEmpties();
    }

    [Fact]
    public void A_forgotten_registration_says_no_more()
    {
        var register = Start();
        bench.Agent.ForgetRegistration("r-1");
        bench.Send(Wire.Response(register, 200, "b"));
        Assert.Empty(bench.Events());
        bench.AssertEmpties();
    }

    [Fact]
    public void The_next_server_of_a_name_takes_over_from_one_that_fails()
    {
        Assert.Equal(CommandResult.Done, bench.Agent.Register(Ours with { Target = "carrier.test" }, Secret, bench.Now));
        Assert.True(bench.Agent.TryQuestion(out var question));
        Server[] servers = [.. Enumerable.Range(1, 2).Select(n => new Server(SipTransport.Udp, new(Wire.Peer.Address, 5060 + n), n, 1))];
        bench.Agent.Located(question, servers, TimeSpan.FromMinutes(5), bench.Now);
        bench.Send(Wire.Response(bench.SentOne(), 503, "b"));
        Accept(bench.SentOne(), 100);
    }

    [Fact]
    public void As_many_registrations_as_the_limit_says_and_each_key_once()
    {
        var small = new Bench(Bench.Options with { MaxRegistrations = 1 });
        Assert.Equal(CommandResult.Done, small.Agent.Register(Ours, null, small.Now));
        Assert.Equal(CommandResult.AlreadyKnown, small.Agent.Register(Ours, null, small.Now));
        Assert.Equal(CommandResult.Full, small.Agent.Register(Ours with { Key = "r-2" }, null, small.Now));
    }

    SipMessage Start()
    {
        Assert.Equal(CommandResult.Done, bench.Agent.Register(Ours, Secret, bench.Now));
        return bench.SentOne();
    }

    /// <summary>The next REGISTER, which comes when it was said to and no sooner.</summary>
    SipMessage Next(RegistrationChanged told)
    {
        bench.Pass(told.NextTry!.Value - TimeSpan.FromTicks(1));
        Assert.Empty(bench.Sent());
        bench.Pass(TimeSpan.FromTicks(1));
        return bench.SentOne();
    }

    /// <summary>Challenges a REGISTER and returns the next one.</summary>
    SipMessage Challenged(SipMessage register, string nonce, string more = "")
    {
        bench.Send(Wire.Response(register, 401, "b", $"WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"{nonce}\"{more}\n"));
        return bench.SentOne();
    }

    RegistrationChanged Accept(SipMessage register, int seconds)
    {
        bench.Send(Wire.Response(register, 200, "b", string.Create(CultureInfo.InvariantCulture, $"Contact: {register.Text(HeaderId.Contact)};expires={seconds}\n")));
        return bench.Event<RegistrationChanged>();
    }

    (RegistrationState, int) Told()
    {
        var told = bench.Event<RegistrationChanged>();
        return (told.State, told.Code);
    }
}
