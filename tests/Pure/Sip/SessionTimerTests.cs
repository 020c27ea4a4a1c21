using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Session timers (RFC 4028), refreshing and refreshed, as caller and as phone.</summary>
public sealed class SessionTimerTests
{
    const string Key = "attempt-1";
    const string Contact = "Contact: <sip:phone@192.0.2.2>\n";
    const string Update = "Allow: INVITE, ACK, BYE, UPDATE\n";

    static Bench Talking(string headers)
    {
        var bench = new Bench();
        bench.Establish(Contact + headers);
        return bench;
    }

    [Fact]
    public void The_INVITE_asks_for_half_an_hour()
    {
        var invite = new Bench().Invite();
        Assert.Equal(("1800", "90", true), (invite.Text(HeaderId.SessionExpires), invite.Text(HeaderId.MinSe), invite.Lists(HeaderId.Supported, "timer")));
        invite = new Bench(Bench.Options with { SessionExpires = null }).Invite();
        Assert.False(invite.Has(HeaderId.SessionExpires) || invite.Lists(HeaderId.Supported, "timer"));
    }

    [Fact]
    public void An_interval_that_is_too_small_is_asked_again_with_the_peers_minimum()
    {
        var bench = new Bench();
        var first = bench.Invite();
        bench.Send(Wire.Response(first, 422, "b", "Min-SE: 3600\n"));
        var again = bench.Sent()[1];
        Assert.Equal((2, "3600", "3600"), (again.CSeq!.Number, again.Text(HeaderId.SessionExpires), again.Text(HeaderId.MinSe)));
        bench.Send(Wire.Response(again, 422, "b", "Min-SE: 3600\n"));
        Assert.Equal(422, bench.Event<Refused>().Code);
        bench.AssertEmpties();
    }

    [Fact]
    public void As_refresher_we_send_UPDATE_at_half_time_and_go_on()
    {
        var bench = Talking(Update + "Session-Expires: 100;refresher=uac\nRequire: timer\n");
        bench.Pass(49.9);
        Assert.Empty(bench.Sent());
        bench.Pass(0.2);
        var refresh = bench.SentOne();
        Assert.Equal(("UPDATE", "100;refresher=uac", true), (refresh.MethodName, refresh.Text(HeaderId.SessionExpires), refresh.Body.IsEmpty));
        bench.Send(Wire.Response(refresh, 200, "", Contact + "Session-Expires: 100;refresher=uac\n"));
        bench.Pass(50);
        Assert.Equal(["UPDATE"], bench.SentNames());
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void Without_UPDATE_a_re_INVITE_with_the_same_description_refreshes()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish(Contact + "Session-Expires: 100;refresher=uac\n");
        bench.Pass(50);
        var refresh = bench.SentOne();
        Assert.Equal(("INVITE", "100;refresher=uac"), (refresh.MethodName, refresh.Text(HeaderId.SessionExpires)));
        Assert.Equal(invite.Body.ToArray(), refresh.Body.ToArray());
        bench.Send(Wire.Response(refresh, 200, "", Contact + "Session-Expires: 100;refresher=uac\n", Wire.Sdp()));
        Assert.Equal(["ACK"], bench.SentNames());
        Assert.Empty(bench.Events()); // nothing has changed
        bench.Pass(50);
        bench.Send(Wire.Response(bench.SentOne(), 200, "", Contact + "Session-Expires: 100;refresher=uac\n", Wire.Sdp(4404)));
        Assert.Equal(Wire.Sdp(4404), bench.Event<MediaChanged>().Sdp.ToArray());
    }

    [Fact]
    public void A_peer_that_takes_no_UPDATE_after_all_gets_a_re_INVITE()
    {
        var bench = Talking(Update + "Session-Expires: 120;refresher=uac\n");
        bench.Pass(60);
        bench.Send(Wire.Response(bench.SentOne(), 501));
        bench.Pass(20);
        Assert.Equal("INVITE", bench.SentNames()[0]);
    }

    [Theory]
    [InlineData(100, 68)] // 32 s before the end
    [InlineData(90, 60)] // a third before the end
    public void A_peer_that_does_not_refresh_gets_BYE_before_the_end(int interval, double end)
    {
        var bench = Talking($"{Update}Session-Expires: {interval};refresher=uas\n");
        bench.Pass(end - 0.1);
        Assert.Empty(bench.Sent());
        bench.Pass(0.2);
        Assert.Equal(("BYE", "SIP;cause=408;text=\"Session expired\""), bench.SentOne() is var bye ? (bye.MethodName, bye.Text(HeaderId.Reason)) : default);
        Assert.Equal(EndCause.SessionExpired, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_refresh_of_the_peer_starts_the_interval_anew_and_keeps_the_roles()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish($"{Contact}{Update}Session-Expires: 120;refresher=uas\n");
        for (var i = 1; i <= 4; i++)
        {
            bench.Pass(60);
            bench.Send(Wire.InDialog(invite, "UPDATE", i, headers: "Supported: timer\nSession-Expires: 120;refresher=uac\n"));
            var ok = bench.SentOne();
            Assert.Equal((200, "120;refresher=uac", "timer"), (ok.StatusCode, ok.Text(HeaderId.SessionExpires), ok.Text(HeaderId.Require)));
        }
        // A change of ours in between says that the peer goes on refreshing.
        bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now);
        Assert.Equal("120;refresher=uas", bench.SentOne().Text(HeaderId.SessionExpires));
    }

    [Fact]
    public void A_refresh_that_fails_is_tried_again_and_a_dialog_that_is_gone_ends()
    {
        var bench = Talking(Update + "Session-Expires: 200;refresher=uac\n");
        bench.Pass(100);
        bench.Send(Wire.Response(bench.SentOne(), 500, headers: "Retry-After: 3\n"));
        bench.Pass(3.1);
        var second = bench.SentOne();
        bench.Send(Wire.Response(second, 422, headers: "Min-SE: 300\n"));
        var third = bench.SentOne();
        Assert.Equal(("300;refresher=uac", "300"), (third.Text(HeaderId.SessionExpires), third.Text(HeaderId.MinSe)));
        bench.Send(Wire.Response(third, 481));
        Assert.Equal(EndCause.DialogLost, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_refresh_that_nobody_answers_ends_the_call()
    {
        var bench = Talking(Update + "Session-Expires: 200;refresher=uac\n");
        bench.Pass(100 + 32);
        Assert.Equal("BYE", bench.SentNames()[^1]);
        Assert.Equal(EndCause.DialogLost, bench.Event<Ended>().Cause);
    }

    [Fact]
    public void A_2xx_without_an_interval_means_no_timer()
    {
        var bench = Talking(Update);
        bench.Pass(4_000);
        Assert.Empty(bench.Sent());
        Assert.Equal(0, bench.Agent.PendingTimers);
    }

    static (Bench Bench, SipMessage? Answer) Called(string headers, UserAgentOptions? options = null)
    {
        var bench = new Bench(options);
        bench.Send(Wire.Request("INVITE", headers: headers, body: Wire.Sdp()));
        if (bench.Events() is not [IncomingCall call]) return (bench, null);
        bench.Agent.Answer(call.CallKey, Wire.Audio().Offer(), bench.Now);
        var answer = bench.SentOne();
        bench.Send(Wire.Request("ACK", toTag: answer.To!.Tag, branch: "z9hG4bK-ack"));
        bench.Event<Confirmed>();
        return (bench, answer);
    }

    [Theory]
    [InlineData("Supported: timer\nSession-Expires: 600\n", "600;refresher=uac", true)]
    [InlineData("Supported: timer\nSession-Expires: 600;refresher=uas\n", "600;refresher=uas", false)]
    [InlineData("Supported: timer\nSession-Expires: 7200\nMin-SE: 3600\n", "3600;refresher=uac", true)]
    [InlineData("Supported: timer\n", "1800;refresher=uac", true)]
    [InlineData("Session-Expires: 600\n", "600;refresher=uas", false)]
    [InlineData("", "", false)]
    public void As_a_phone_we_agree_to_what_the_caller_can(string headers, string agreed, bool required)
    {
        var (_, answer) = Called(headers);
        Assert.Equal((agreed, required), (answer!.Text(HeaderId.SessionExpires), answer!.Lists(HeaderId.Require, "timer")));
    }

    [Fact]
    public void As_a_phone_a_small_interval_gets_422_from_us_if_the_caller_knows_it()
    {
        var (bench, _) = Called("Supported: timer\nSession-Expires: 60\n");
        Assert.Equal((422, "90"), bench.SentOne() is var refusal ? (refusal.StatusCode, refusal.Text(HeaderId.MinSe)) : default);
        Assert.NotNull(Called("Session-Expires: 60\n").Answer);
        Assert.NotNull(Called("Supported: timer\nSession-Expires: 60\n", Bench.Options with { SessionExpires = null }).Answer);
    }

    [Fact]
    public void As_a_phone_we_refresh_or_wait_for_it()
    {
        var (bench, _) = Called("Supported: timer\nAllow: UPDATE\nSession-Expires: 120;refresher=uas\n");
        bench.Pass(60);
        Assert.Equal(("UPDATE", "120;refresher=uac"), bench.SentOne() is var refresh ? (refresh.MethodName, refresh.Text(HeaderId.SessionExpires)) : default);
        (bench, _) = Called("Supported: timer\nSession-Expires: 120\n");
        bench.Pass(88.1);
        Assert.Equal(["BYE"], bench.SentNames());
    }
}
