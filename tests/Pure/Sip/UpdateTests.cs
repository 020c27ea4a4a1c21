using System.Globalization;
using System.Text;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>UPDATE (RFC 3311) in early and confirmed dialogs, and what happens when both sides change the session.</summary>
public sealed class UpdateTests
{
    const string Key = "attempt-1";
    const string Contact = "Contact: <sip:phone@192.0.2.2>\nAllow: INVITE, ACK, BYE, UPDATE\n";

    static (Bench Bench, SipMessage Invite) Talking(string headers = Contact)
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish(headers);
        return (bench, invite);
    }

    [Fact]
    public void An_offer_of_the_peer_is_answered_and_moves_it()
    {
        var (bench, invite) = Talking();
        bench.Send(Wire.InDialog(invite, "UPDATE", 1, Wire.Sdp(4444, "a=sendonly\n"), "Contact: <sip:moved@192.0.2.2>\n"));
        var ok = bench.SentOne();
        Assert.True(SessionDescription.TryParse(ok.Body.Span, out var sdp));
        Assert.Equal((200, MediaDirection.RecvOnly, 3000), (ok.StatusCode, sdp.Media[0].Direction, sdp.Media[0].Port));
        Assert.True(ok.Has(HeaderId.Contact));
        var changed = bench.Event<MediaChanged>();
        Assert.Equal("sip:moved@192.0.2.2", changed.Dialog.RemoteTarget);
        bench.Send(Wire.InDialog(invite, "UPDATE", 2));
        Assert.Equal(["200 UPDATE"], bench.SentNames());
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void What_cannot_be_met_changes_nothing()
    {
        var (bench, invite) = Talking();
        bench.Send(Wire.InDialog(invite, "UPDATE", 1, Wire.Bytes("v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0\nm=audio 4000 RTP/AVP 18\nc=IN IP4 192.0.2.9\n")));
        bench.Send(Wire.InDialog(invite, "UPDATE", 2, Wire.Bytes("x"), "Content-Type: text/plain\n"));
        Assert.Equal(["488 UPDATE", "415 UPDATE"], bench.SentNames());
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void Before_our_offer_is_answered_an_offer_of_the_peer_gets_491_and_a_plain_UPDATE_200()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 183, "b", Contact, Wire.Sdp()));
        bench.Send(Wire.InDialog(invite, "UPDATE", 1, Wire.Sdp(4400)));
        bench.Send(Wire.InDialog(invite, "UPDATE", 2));
        Assert.Equal(["491 UPDATE", "200 UPDATE"], bench.SentNames());
        bench.Send(Wire.Response(invite, 183, "b", Contact + "Require: 100rel\nRSeq: 1\n", Wire.Sdp()));
        bench.Send(Wire.InDialog(invite, "UPDATE", 3, Wire.Sdp(4402)));
        Assert.Equal(["PRACK", "200 UPDATE"], bench.SentNames());
        bench.Send(Wire.Response(invite, 200, "b", Contact));
        Assert.Equal(Wire.Sdp(4402), Assert.IsType<Answered>(bench.Events()[^1]).Sdp.ToArray());
    }

    [Fact]
    public void Before_the_peers_offer_is_answered_another_one_gets_500_with_a_time()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", body: Wire.Sdp()));
        bench.Agent.Ring(bench.Event<IncomingCall>().CallKey, 180, default, bench.Now);
        var tag = bench.SentOne().To!.Tag;
        bench.Send(Wire.Request("UPDATE", toTag: tag, cseq: 2, branch: "z9hG4bK-2", body: Wire.Sdp(4100)));
        bench.Send(Wire.Request("INVITE", toTag: tag, cseq: 3, branch: "z9hG4bK-3", body: Wire.Sdp(4100)));
        var sent = bench.Sent();
        Assert.Equal(["500 UPDATE", "500 INVITE"], sent.Select(m => $"{m.StatusCode} {m.MethodName}"));
        Assert.All(sent, m => Assert.InRange(int.Parse(m.Text(HeaderId.RetryAfter), CultureInfo.InvariantCulture), 0, 10));
    }

    [Fact]
    public void Ours_is_sent_only_to_a_peer_that_takes_it()
    {
        var (bench, _) = Talking("Contact: <sip:phone@192.0.2.2>\nAllow: INVITE, ACK, BYE\n");
        Assert.Equal(CommandResult.Unsupported, bench.Agent.Update(Key, Wire.Audio(3100).Offer(), bench.Now));
        (bench, _) = Talking();
        Assert.Equal(CommandResult.Done, bench.Agent.Update(Key, Wire.Audio(3100).Offer(), bench.Now));
        Assert.Equal(CommandResult.Busy, bench.Agent.Update(Key, Wire.Audio(3100).Offer(), bench.Now));
        Assert.Equal(CommandResult.Busy, bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now));
        var update = bench.SentOne();
        Assert.True(update.Has(HeaderId.Contact));
        bench.Send(Wire.Response(update, 200, "", "Contact: <sip:moved@192.0.2.2>\n", Wire.Sdp(4600)));
        var done = bench.Event<UpdateDone>();
        Assert.Equal((200, "sip:moved@192.0.2.2"), (done.Code, done.Dialog.RemoteTarget));
        Assert.Equal(Wire.Sdp(4600), done.Sdp.ToArray());
        Assert.Equal(CommandResult.Done, bench.Agent.Update(Key, default, bench.Now));
        Assert.True(bench.SentOne().Body.IsEmpty);
    }

    [Theory]
    [InlineData("UPDATE")]
    [InlineData("INVITE")]
    public void While_our_offer_is_open_the_peers_gets_491_and_ours_is_tried_again(string method)
    {
        var (bench, invite) = Talking();
        bench.Agent.Update(Key, Wire.Audio(3100).Offer(), bench.Now);
        var ours = bench.SentOne();
        bench.Send(Wire.InDialog(invite, method, 1, Wire.Sdp(4800)));
        Assert.Equal(491, bench.SentOne().StatusCode);
        bench.Send(Wire.Request("ACK", fromTag: "b", toTag: invite.From!.Tag, callId: invite.CallId, branch: $"z9hG4bK-{method}1b"));
        bench.Send(Wire.Response(ours, 491));
        bench.Pass(2.09);
        Assert.Empty(bench.Sent());
        bench.Send(Wire.InDialog(invite, method, 2, Wire.Sdp(4800))); // the peer owns no Call-ID and comes first
        Assert.Equal(200, bench.SentOne().StatusCode);
        bench.Event<MediaChanged>();
        bench.Send(Wire.InDialog(invite, "ACK", 2));
        bench.Pass(1.92);
        Assert.Equal("UPDATE", bench.SentNames()[0]);
    }

    [Theory]
    [InlineData(488, false)]
    [InlineData(500, false)]
    [InlineData(481, true)]
    [InlineData(408, true)]
    public void A_refusal_leaves_the_session_unless_the_dialog_is_gone(int code, bool ends)
    {
        var (bench, _) = Talking();
        bench.Agent.Update(Key, Wire.Audio(3100).Offer(), bench.Now);
        bench.Send(Wire.Response(bench.SentOne(), code, headers: "Retry-After: 5\n"));
        var events = bench.Events();
        Assert.Equal(code, Assert.IsType<UpdateDone>(events[0]).Code);
        Assert.DoesNotContain("3100", ((UpdateDone)events[0]).Dialog.LocalSdp, StringComparison.Ordinal);
        Assert.Equal(ends, events.Count == 2 && events[1] is Ended { Cause: EndCause.DialogLost });
        if (!ends) Assert.Equal(CommandResult.Done, bench.Agent.Update(Key, Wire.Audio(3100).Offer(), bench.Now));
        else bench.AssertEmpties();
    }

    [Fact]
    public void An_UPDATE_goes_out_in_the_early_dialog_of_a_phone()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", headers: "Require: 100rel\nAllow: PRACK, UPDATE\n", body: Wire.Sdp()));
        var key = bench.Event<IncomingCall>().CallKey;
        bench.Agent.Ring(key, 183, Wire.Audio().Offer(), bench.Now);
        var early = bench.SentOne();
        bench.Send(Wire.Request("PRACK", toTag: early.To!.Tag, cseq: 2, branch: "z9hG4bK-2", headers: $"RAck: {early.Text(HeaderId.RSeq)} 1 INVITE\n"));
        bench.Sent();
        Assert.Equal(CommandResult.Done, bench.Agent.Update(key, Wire.Audio(3200).Offer(), bench.Now));
        bench.Send(Wire.Response(bench.SentOne(), 200, "", Contact, Wire.Sdp(4950)));
        Assert.Equal(Wire.Sdp(4950), bench.Event<UpdateDone>().Sdp.ToArray());
    }

    [Fact]
    public void An_ACK_without_a_description_leaves_an_UPDATE_of_ours_alone()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", headers: "Allow: UPDATE\n", body: Wire.Sdp()));
        var key = bench.Event<IncomingCall>().CallKey;
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        var tag = bench.SentOne().To!.Tag;
        bench.Agent.Update(key, Wire.Audio(3200).Offer(), bench.Now);
        var update = bench.SentOne();
        bench.Send(Wire.Request("ACK", toTag: tag, branch: "z9hG4bK-2"));
        bench.Event<Confirmed>();
        bench.Send(Wire.Response(update, 200, "", Contact, Wire.Sdp(4950)));
        Assert.Contains("m=audio 3200", bench.Event<UpdateDone>().Dialog.LocalSdp, StringComparison.Ordinal);
    }

    [Fact]
    public void A_caller_that_has_forgotten_the_early_dialog_gets_a_refusal_and_no_BYE()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", headers: "Require: 100rel\nAllow: UPDATE\n", body: Wire.Sdp()));
        var key = bench.Event<IncomingCall>().CallKey;
        bench.Agent.Ring(key, 183, Wire.Audio().Offer(), bench.Now);
        bench.Agent.Update(key, default, bench.Now);
        bench.Send(Wire.Response(bench.Sent()[^1], 481));
        Assert.Equal(["500 INVITE"], bench.SentNames());
        Assert.Equal(EndCause.DialogLost, Assert.IsType<Ended>(bench.Events()[^1]).Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_2xx_without_a_description_answers_no_UPDATE_of_ours()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Wire.Response(invite, 183, "b", Contact + "Require: 100rel\nRSeq: 1\n", Wire.Sdp(4500)));
        Assert.Equal(CommandResult.Done, bench.Agent.Update(Key, Wire.Audio(3300).Offer(), bench.Now));
        var update = bench.Sent()[^1];
        bench.Send(Wire.Response(invite, 200, "b", Contact));
        Assert.Equal(Wire.Sdp(4500), Assert.IsType<Answered>(bench.Events()[^1]).Sdp.ToArray());
        bench.Send(Wire.Response(update, 200, "", Contact, Wire.Sdp(4502)));
        var done = bench.Event<UpdateDone>().Dialog;
        Assert.Contains("m=audio 3300", done.LocalSdp, StringComparison.Ordinal);
        Assert.Contains("m=audio 4502", done.RemoteSdp, StringComparison.Ordinal);
    }

    [Fact]
    public void Our_version_goes_up_whoever_changes_the_session()
    {
        var (bench, invite) = Talking();
        string Version(SipMessage m) => SessionDescription.TryParse(m.Body.Span, out var sdp) ? sdp.Version : "";
        bench.Send(Wire.InDialog(invite, "UPDATE", 1, Wire.Sdp(4444)));
        Assert.Equal("2", Version(bench.SentOne()));
        bench.Agent.Update(Key, (Wire.Audio(3100) with { Version = 2 }).Offer(), bench.Now);
        var ours = bench.SentOne();
        Assert.Equal("3", Version(ours));
        bench.Send(Wire.Response(ours, 200, "", "", Wire.Sdp()));
        bench.Send(Wire.InDialog(invite, "INVITE", 2));
        Assert.Equal("4", Version(bench.SentOne()));
    }

    [Fact]
    public void An_ACK_that_was_lost_does_not_keep_the_caller_from_changing_the_session()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", body: Wire.Sdp()));
        bench.Agent.Answer(bench.Event<IncomingCall>().CallKey, Wire.Audio().Offer(), bench.Now);
        var tag = bench.SentOne().To!.Tag;
        bench.Send(Wire.Request("INVITE", toTag: tag, cseq: 2, branch: "z9hG4bK-2", body: Wire.Sdp(4100)));
        Assert.Equal(["200 INVITE"], bench.SentNames());
        Assert.Equal([typeof(Confirmed), typeof(MediaChanged)], bench.Events().Select(e => e.GetType()));
        bench.Send(Wire.Request("ACK", toTag: tag, cseq: 2, branch: "z9hG4bK-3"));
        bench.Pass(40);
        Assert.Empty(bench.Sent());
    }

    [Fact]
    public void A_strict_router_gets_its_own_URI_without_what_belongs_not_there()
    {
        var bench = new Bench();
        bench.Establish("Contact: <sip:phone@192.0.2.2>\nRecord-Route: <sip:far@192.0.2.40;lr>, <sip:near@192.0.2.50;method=INVITE?x=y>\n");
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        var bye = bench.SentOne();
        Assert.Equal("sip:near@192.0.2.50", Encoding.UTF8.GetString(bye.RequestUri));
        Assert.Equal(["sip:far@192.0.2.40;lr", "sip:phone@192.0.2.2"], bye.Addresses(HeaderId.Route).Select(r => r.Uri));
    }

    [Fact]
    public void A_200_without_an_answer_to_our_offer_leaves_the_session_as_it_was()
    {
        var (bench, _) = Talking();
        bench.Agent.Update(Key, Wire.Audio(3100).Offer(), bench.Now);
        bench.Send(Wire.Response(bench.SentOne(), 200, "", Contact));
        var done = bench.Event<UpdateDone>();
        Assert.True(done.Sdp.IsEmpty);
        Assert.Contains("m=audio 4000", done.Dialog.RemoteSdp, StringComparison.Ordinal);
        Assert.Contains("m=audio 3000", done.Dialog.LocalSdp, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_first_exchange_an_UPDATE_of_ours_brings_no_offer()
    {
        var bench = new Bench();
        bench.Agent.Invite(Bench.Attempt(), default, null, bench.Now);
        bench.Send(Wire.Response(bench.SentOne(), 180, "b", Contact));
        Assert.Equal(CommandResult.WrongState, bench.Agent.Update(Key, Wire.Audio(3100).Offer(), bench.Now));
        Assert.Equal(CommandResult.Done, bench.Agent.Update(Key, default, bench.Now));
        Assert.True(bench.SentOne().Body.IsEmpty);
        bench = new Bench();
        bench.Send(Wire.Request("INVITE", headers: "Allow: UPDATE\n"));
        var key = bench.Event<IncomingCall>().CallKey;
        bench.Agent.Ring(key, 180, default, bench.Now);
        Assert.Equal(CommandResult.WrongState, bench.Agent.Update(key, Wire.Audio(3100).Offer(), bench.Now));
    }
}
