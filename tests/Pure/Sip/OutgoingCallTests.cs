using System.Text.Json;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

public sealed class OutgoingCallTests
{
    const string Key = "attempt-1";
    const string Contact = "Contact: <sip:phone@192.0.2.2>\n";

    [Fact]
    public void The_INVITE_follows_from_the_attempt_alone()
    {
        var attempt = InviteAttempt.Create("a-1", "sip:+43111@192.0.2.1", "sip:+43222@192.0.2.2", Wire.Peer, "192.0.2.1:5060",
            displayName: "Müller \"x\"", assertedIdentity: "sip:+43111@carrier.example", routes: ["sip:edge.example;lr"]);
        var json = JsonSerializer.Deserialize<InviteAttempt>(JsonSerializer.Serialize(attempt))!;
        Assert.Equal(JsonSerializer.Serialize(attempt), JsonSerializer.Serialize(json));
        Assert.Equal(attempt.NextTry().Branch(), json.NextTry().Branch());
        Assert.NotEqual(attempt.Branch(), attempt.NextTry().Branch());
        var bench = new Bench();
        bench.Agent.Invite(json, Wire.Audio().Offer(), null, bench.Now);
        var invite = bench.SentOne();
        Assert.Equal(attempt.Branch(), invite.TopVia!.Branch);
        Assert.True(invite.TopVia.HasRport);
        Assert.Equal("Müller \"x\"", invite.From!.DisplayName);
        Assert.Equal("<sip:+43111@carrier.example>", invite.Text(HeaderId.PAssertedIdentity));
        Assert.Equal("<sip:edge.example;lr>", invite.Text(HeaderId.Route));
        Assert.Equal(CommandResult.AlreadyKnown, bench.Agent.Invite(json, default, null, bench.Now));
    }

    [Fact]
    public void Ringing_is_told_once_and_early_media_too()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 100));
        bench.Send(Wire.Response(invite, 180, "b"));
        bench.Send(Wire.Response(invite, 180, "b"));
        bench.Send(Wire.Response(invite, 183, "b", "", Wire.Sdp()));
        Assert.Equal([180, 183], bench.Events().Cast<Ringing>().Select(r => r.Code));
        bench.Send(Wire.Response(invite, 200, "b", Contact));
        Assert.Equal(Wire.Sdp(), bench.Event<Answered>().Sdp.ToArray());
    }

    [Fact]
    public void The_ACK_waits_for_the_application()
    {
        var bench = new Bench();
        var answer = Wire.Response(bench.Invite(), 200, "b", Contact, Wire.Sdp());
        bench.Send(answer);
        bench.Pass(0.5);
        bench.Send(answer);
        bench.Pass(1);
        Assert.Empty(bench.Sent());
        Assert.Equal("b", bench.Event<Answered>().Dialog.RemoteTag);
        Assert.Equal(CommandResult.Done, bench.Agent.Acknowledge(Key, bench.Now));
        Assert.Equal(["ACK"], bench.SentNames());
        Assert.Equal(CommandResult.WrongState, bench.Agent.Acknowledge(Key, bench.Now));
        bench.Pass(10);
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void An_answer_that_is_not_acknowledged_in_2_s_gets_ACK_and_BYE()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(), 200, "b", Contact, Wire.Sdp()));
        bench.Event<Answered>();
        bench.Pass(2);
        Assert.Equal(["ACK", "BYE"], bench.SentNames());
        Assert.Equal(EndCause.NotAcknowledged, bench.Event<Ended>().Cause);
        Assert.Equal(CommandResult.WrongState, bench.Agent.Acknowledge(Key, bench.Now));
        bench.AssertEmpties();
    }

    [Fact]
    public void The_dialog_state_survives_JSON()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(), 200, "b", Contact + "Record-Route: <sip:192.0.2.12;lr>, <sip:192.0.2.11;lr>\n", Wire.Sdp()));
        var state = bench.Event<Answered>().Dialog;
        var again = JsonSerializer.Deserialize<DialogState>(JsonSerializer.Serialize(state))!;
        Assert.Equal(["<sip:192.0.2.11;lr>", "<sip:192.0.2.12;lr>"], again.RouteSet);
        Assert.Equal((state.LocalTag, state.RemoteTag, 1, "sip:phone@192.0.2.2", "192.0.2.2:5060"),
            (again.LocalTag, again.RemoteTag, again.LocalCSeq, again.RemoteTarget, again.PeerAddress));
        Assert.True(OfferAnswer.TryReadLocal(System.Text.Encoding.UTF8.GetBytes(again.LocalSdp), out _));
    }

    [Fact]
    public void CANCEL_is_held_back_until_a_provisional_response()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Agent.HangUp(Key, new HangUpReason(Q850: 16, Text: "bye"), bench.Now);
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        Assert.Empty(bench.Sent());
        bench.Send(Wire.Response(invite, 180, "b"));
        var cancel = bench.SentOne();
        Assert.Equal((SipMethod.Cancel, 1, invite.TopVia!.Branch, ""), (cancel.Method, cancel.CSeq!.Number, cancel.TopVia!.Branch, cancel.To!.Tag));
        Assert.Equal("Q.850;cause=16;text=\"bye\"", cancel.Text(HeaderId.Reason));
        bench.Send(Wire.Response(cancel, 200, "b"));
        Assert.Empty(bench.Events());
        bench.Send(Wire.Response(invite, 487, "b"));
        Assert.Equal(["ACK"], bench.SentNames());
        Assert.Equal(EndCause.HungUp, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Theory]
    [InlineData(180, "CANCEL")]
    [InlineData(200, "ACK", "BYE")]
    public void What_is_given_up_before_anything_was_heard_is_sent_no_more_and_still_ended_should_it_arrive(int late, params string[] ended)
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Pass(4); // copies at 0.5, 1.5 and 3.5 s
        Assert.Equal(["INVITE", "INVITE", "INVITE"], bench.SentNames());
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        bench.Pass(25);
        Assert.Empty(bench.Sent());
        bench.Send(Wire.Response(invite, late, "b", Contact, late < 200 ? null : Wire.Sdp()));
        Assert.Equal(ended, bench.SentNames());
        if (late < 200) bench.Send(Wire.Response(invite, 487, "b"));
        Assert.Equal(EndCause.HungUp, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void What_is_given_up_and_never_heard_of_ends_with_its_transaction()
    {
        var bench = new Bench();
        bench.Invite();
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        bench.Pass(31);
        Assert.Empty(bench.Events());
        bench.Pass(2);
        Assert.Empty(bench.Sent());
        Assert.Equal(EndCause.HungUp, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Theory]
    [InlineData("Call-ID: ", "Call-ID: x")]
    [InlineData("UDP 192.0.2.1:5060", "UDP 192.0.2.66:5060")]
    [InlineData("UDP 192.0.2.1:5060", "UDP 192.0.2.1:5061")]
    public void An_answer_to_what_we_did_not_send_is_dropped_though_it_has_the_branch(string ours, string other)
    {
        var bench = new Bench();
        var invite = bench.Invite();
        var answer = System.Text.Encoding.UTF8.GetString(Wire.Response(invite, 200, "b", Contact, Wire.Sdp()));
        Assert.Equal(Disposition.StrayResponse, bench.Send(System.Text.Encoding.UTF8.GetBytes(answer.Replace(ours, other, StringComparison.Ordinal))).Disposition);
        Assert.Empty(bench.Events());
        // From where it comes does not matter: a carrier may answer from another address than it is called at.
        bench.Send(System.Text.Encoding.UTF8.GetBytes(answer), new(System.Net.IPAddress.Parse("198.51.100.7"), 5062));
        bench.Event<Answered>();
    }

    [Fact]
    public void The_branch_of_a_try_follows_from_the_attempt_s_secret()
    {
        var (one, other) = (Bench.Attempt() with { Secret = "one" }, Bench.Attempt() with { Secret = "other" });
        Assert.Equal(one.Branch(), (Bench.Attempt() with { Secret = "one" }).Branch());
        Assert.NotEqual(one.Branch(), other.Branch());
        Assert.NotEqual(one.NextTry().Branch(), other.NextTry().Branch());
    }

    [Fact]
    public void CANCEL_crossing_an_answer_ends_with_ACK_and_BYE()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 180, "b"));
        bench.Event<Ringing>();
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        var cancel = bench.SentOne();
        var answer = Wire.Response(invite, 200, "b", Contact, Wire.Sdp());
        bench.Send(answer);
        var sent = bench.Sent();
        Assert.Equal(["ACK", "BYE"], sent.Select(m => m.MethodName));
        Assert.Equal((2, "b", "sip:phone@192.0.2.2"), (sent[1].CSeq!.Number, sent[1].To!.Tag, System.Text.Encoding.UTF8.GetString(sent[1].RequestUri)));
        bench.Event<Ended>();
        bench.Send(Wire.Response(cancel, 200, "b"));
        bench.Send(answer);
        Assert.Equal(["ACK"], bench.SentNames());
        bench.AssertEmpties();
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void A_cancelled_INVITE_without_a_final_response_is_forgotten_after_64_T1()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 180, "b"));
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        bench.Pass(31.9);
        Assert.IsType<Ringing>(Assert.Single(bench.Events()));
        bench.Pass(0.1);
        Assert.Equal(EndCause.HungUp, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void Hanging_up_an_answered_call_sends_ACK_first()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(), 200, "b", Contact, Wire.Sdp()));
        bench.Event<Answered>();
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        Assert.Equal(["ACK", "BYE"], bench.SentNames());
        Assert.Equal(EndCause.HungUp, bench.Event<Ended>().Cause);
    }

    [Fact]
    public void A_second_phone_of_a_fork_gets_ACK_and_BYE()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 180, "b"));
        bench.Send(Wire.Response(invite, 180, "c"));
        bench.Send(Wire.Response(invite, 200, "b", Contact, Wire.Sdp()));
        bench.Agent.Acknowledge(Key, bench.Now);
        bench.Sent();
        var second = Wire.Response(invite, 200, "c", "Contact: <sip:other@192.0.2.7>\n", Wire.Sdp());
        bench.Send(second);
        var sent = bench.Sent();
        Assert.Equal([("ACK", "c"), ("BYE", "c")], sent.Select(m => (m.MethodName, m.To!.Tag)));
        Assert.Equal("sip:other@192.0.2.7", System.Text.Encoding.UTF8.GetString(sent[1].RequestUri));
        bench.Send(second);
        Assert.Equal(["ACK"], bench.SentNames());
        Assert.DoesNotContain(bench.Events(), e => e is TerminalEvent);
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        Assert.Equal("b", bench.Sent()[^1].To!.Tag);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_redirection_is_refused_with_its_contacts()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(), 302, "b", "Contact: <sip:x@h1>;q=0.5, <sip:y@h2>\n"));
        Assert.Equal(["sip:x@h1", "sip:y@h2"], bench.Event<Refused>().Contacts);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_hang_up_before_the_acknowledgement_is_a_hang_up()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 200, "b", Contact, Wire.Sdp()));
        bench.Event<Answered>();
        bench.Send(Wire.Request("BYE", fromTag: "b", toTag: invite.From!.Tag, callId: invite.CallId));
        Assert.Equal(["200 BYE", "ACK"], bench.SentNames());
        bench.Event<RemoteHungUp>();
        Assert.Equal(CommandResult.WrongState, bench.Agent.Acknowledge(Key, bench.Now));
        bench.AssertEmpties();
    }

    [Fact]
    public void BYEs_that_cross_are_both_answered()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        bench.Send(Wire.Request("BYE", fromTag: "b", toTag: invite.From!.Tag, callId: invite.CallId));
        Assert.Equal(["BYE", "200 BYE"], bench.SentNames());
        bench.Event<Ended>();
        bench.AssertEmpties();
    }

    [Fact]
    public void Requests_follow_the_route_set_loose_and_strict()
    {
        var bench = new Bench();
        bench.Establish(Contact + "Record-Route: <sip:192.0.2.50;lr>\nRecord-Route: <sip:192.0.2.60:5070;lr>\n");
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var transmit));
        Assert.Equal("192.0.2.60:5070", transmit.Destination.ToString());
        var bye = Wire.Parse(transmit.Bytes.ToArray());
        Assert.Equal(["sip:192.0.2.60:5070;lr", "sip:192.0.2.50;lr"], bye.Addresses(HeaderId.Route).Select(r => r.Uri));
        Assert.Equal("sip:phone@192.0.2.2", System.Text.Encoding.UTF8.GetString(bye.RequestUri));

        bench = new Bench();
        bench.Establish(Contact + "Record-Route: <sip:192.0.2.50>\n");
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        bye = bench.SentOne();
        Assert.Equal("sip:192.0.2.50", System.Text.Encoding.UTF8.GetString(bye.RequestUri));
        Assert.Equal("<sip:phone@192.0.2.2>", bye.Text(HeaderId.Route));
    }

    [Fact]
    public void Ringing_without_end_is_cancelled()
    {
        var bench = new Bench(Bench.Options with { RingingLimit = TimeSpan.FromSeconds(90) });
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 180, "b"));
        bench.Pass(90);
        Assert.Equal(["CANCEL"], bench.SentNames());
        bench.Send(Wire.Response(invite, 487, "b"));
        Assert.Equal(EndCause.RingingLimit, Assert.IsType<Ended>(bench.Events()[^1]).Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_full_user_agent_refuses_and_forgets()
    {
        var bench = new Bench(Bench.Options with { MaxCalls = 1 });
        bench.Invite();
        Assert.Equal(CommandResult.Full, bench.Agent.Invite(Bench.Attempt("other"), default, null, bench.Now));
        Assert.Equal((503, RefusedBy.Local), bench.Event<Refused>() is var refused ? (refused.Code, refused.Source) : default);
        Assert.Empty(bench.Sent());
        bench.Send(Wire.Request("INVITE", body: Wire.Sdp()));
        Assert.Equal(["503 INVITE"], bench.SentNames());
    }
}
