using System.Text;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>One INVITE that reaches several phones (RFC 3261 sections 12.1 and 13.2.2.4).</summary>
public sealed class ForkTests
{
    const string Key = "attempt-1";

    static string Contact(string tag) => $"Contact: <sip:{tag}@192.0.2.7>\n";

    static byte[] Answer(SipMessage invite, string tag) => Wire.Response(invite, 200, tag, Contact(tag), Wire.Sdp());

    [Fact]
    public void Each_phone_rings_in_a_dialog_of_its_own()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 180, "b", Contact("b")));
        bench.Send(Wire.Response(invite, 180, "c", Contact("c")));
        bench.Send(Wire.Response(invite, 183, "c", Contact("c"), Wire.Sdp(4600)));
        bench.Send(Wire.Response(invite, 180, "b", Contact("b")));
        Assert.Equal([("b", 180), ("c", 180), ("c", 183)], bench.Events().Cast<Ringing>().Select(r => (r.RemoteTag, r.Code)));
        Assert.Equal(2, bench.Agent.Dialogs);
        bench.Send(Wire.Response(invite, 200, "b", Contact("b")));
        Assert.Empty(bench.Event<Answered>().Sdp.ToArray()); // the early media was another phone's
        bench.Agent.Acknowledge(Key, bench.Now);
        bench.Pass(33);
        Assert.Equal(1, bench.Agent.Dialogs);
    }

    [Fact]
    public void The_first_answer_wins_and_every_other_phone_gets_ACK_and_BYE()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        foreach (var tag in (string[])["b", "c", "d"]) bench.Send(Wire.Response(invite, 180, tag, Contact(tag)));
        bench.Send(Answer(invite, "c"));
        bench.Send(Answer(invite, "b"));
        bench.Send(Answer(invite, "d"));
        Assert.Equal([("ACK", "b"), ("BYE", "b"), ("ACK", "d"), ("BYE", "d")], bench.Sent().Select(m => (m.MethodName, m.To!.Tag)));
        bench.Agent.Acknowledge(Key, bench.Now);
        bench.Sent();
        // Each repetition gets the ACK of its own dialog.
        foreach (var tag in (string[])["d", "c", "b", "d"]) bench.Send(Answer(invite, tag));
        Assert.Equal(["d", "c", "b", "d"], bench.Sent().Select(m => m.To!.Tag));
        Assert.Equal("c", bench.Events().OfType<Answered>().Single().Dialog.RemoteTag);
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        Assert.Equal(("BYE", "c"), bench.SentOne() is var bye ? (bye.MethodName, bye.To!.Tag) : default);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_phone_that_hangs_up_as_we_decline_it_gets_200_and_the_call_goes_on()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Answer(invite, "b"));
        bench.Agent.Acknowledge(Key, bench.Now);
        bench.Send(Answer(invite, "c"));
        bench.Sent();
        bench.Send(Wire.InDialog(invite, "BYE", 1, tag: "c"));
        bench.Send(Wire.InDialog(invite, "INFO", 1, tag: "c"));
        bench.Send(Wire.InDialog(invite, "INFO", 1, tag: "b"));
        Assert.Equal(["200 BYE", "481 INFO", "200 INFO"], bench.SentNames());
        Assert.DoesNotContain(bench.Events(), e => e is TerminalEvent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_after_the_refusal_gets_ACK_and_BYE(bool canceled)
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 180, "b", Contact("b")));
        if (canceled) bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        bench.Send(Wire.Response(invite, canceled ? 487 : 486, "b"));
        Assert.IsAssignableFrom<TerminalEvent>(bench.Events()[^1]);
        bench.Sent();
        bench.Send(Answer(invite, "c"));
        bench.Pass(1);
        bench.Send(Answer(invite, "c"));
        var sent = bench.Sent();
        Assert.Equal([("ACK", "c"), ("BYE", "c")], sent.Take(2).Select(m => (m.MethodName, m.To!.Tag)));
        Assert.Equal(("ACK", "sip:c@192.0.2.7"), (sent[^1].MethodName, Encoding.UTF8.GetString(sent[^1].RequestUri)));
        Assert.Empty(bench.Events());
        bench.AssertEmpties();
    }

    [Fact]
    public void An_answer_to_the_try_before_a_challenge_is_declined()
    {
        var bench = new Bench();
        var first = bench.Invite(new Credentials("bob", "s"));
        bench.Send(Wire.Response(first, 407, "p", "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\n"));
        bench.Sent();
        bench.Send(Answer(first, "x"));
        Assert.Equal([("ACK", 1), ("BYE", 3)], bench.Sent().Select(m => (m.MethodName, m.CSeq!.Number)));
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void More_phones_than_can_be_kept_apart_do_no_harm()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        for (var i = 0; i < 100; i++) bench.Send(Wire.Response(invite, 180, $"t{i}", Contact("x")));
        Assert.Equal(16, bench.Agent.Dialogs);
        bench.Send(Answer(invite, "t3"));
        bench.Agent.Acknowledge(Key, bench.Now);
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_phone_beyond_those_may_answer_and_every_other_answer_gets_ACK_and_BYE()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        for (var i = 0; i < 16; i++) bench.Send(Wire.Response(invite, 180, $"t{i}", Contact("x")));
        bench.Send(Answer(invite, "late"));
        Assert.Equal("late", Assert.IsType<Answered>(bench.Events()[^1]).Dialog.RemoteTag);
        bench.Agent.Acknowledge(Key, bench.Now);
        bench.Sent();
        for (var i = 0; i < 40; i++) bench.Send(Answer(invite, $"more{i}"));
        bench.Send(Answer(invite, "more39"));
        var sent = bench.Sent();
        Assert.Equal((41, 40), (sent.Count(m => m.MethodName == "ACK"), sent.Count(m => m.MethodName == "BYE")));
        for (var i = 0; i < 1_000; i++) bench.Send(Answer(invite, $"flood{i}"));
        Assert.InRange(bench.Agent.Dialogs, 41, 100);
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        bench.AssertEmpties();
    }

    [Fact]
    public void The_answer_tells_the_route_set_of_its_early_dialog_anew()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 180, "b", Contact("b") + "Record-Route: <sip:192.0.2.50;lr>\n"));
        bench.Send(Wire.Response(invite, 200, "b", "Contact: <sip:moved@192.0.2.8>\nRecord-Route: <sip:192.0.2.60;lr>\n", Wire.Sdp()));
        bench.Agent.Acknowledge(Key, bench.Now);
        var ack = bench.SentOne();
        Assert.Equal(("<sip:192.0.2.60;lr>", "sip:moved@192.0.2.8"), (ack.Text(HeaderId.Route), Encoding.UTF8.GetString(ack.RequestUri)));
    }

    [Fact]
    public void What_another_phone_of_the_fork_changes_is_no_change_of_the_call()
    {
        const string Reliable = "Require: 100rel\nRSeq: 1\nAllow: INVITE, UPDATE\n";
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 183, "c", Contact("c") + Reliable, Wire.Sdp(4600)));
        Assert.Equal(CommandResult.Done, bench.Agent.Update(Key, Wire.Audio(3100).Offer(), bench.Now));
        var ours = bench.Sent()[^1];
        bench.Send(Answer(invite, "b"));
        bench.Agent.Acknowledge(Key, bench.Now);
        bench.Events();
        bench.Sent();
        bench.Send(Wire.Response(ours, 200, "", Contact("c"), Wire.Sdp(4602)));
        var done = bench.Event<UpdateDone>();
        Assert.Equal((481, "b"), (done.Code, done.Dialog.RemoteTag));
        bench.Send(Wire.InDialog(invite, "UPDATE", 1, Wire.Sdp(4604), tag: "c"));
        bench.Send(Wire.InDialog(invite, "INVITE", 2, Wire.Sdp(4606), tag: "c"));
        Assert.Equal(["200 UPDATE", "491 INVITE"], bench.SentNames());
        Assert.Empty(bench.Events());
        bench.Send(Wire.InDialog(invite, "UPDATE", 1, Wire.Sdp(4000), tag: "b"));
        Assert.Equal("b", bench.Event<MediaChanged>().Dialog.RemoteTag);
    }
}
