using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>PRACK and reliable provisional responses (RFC 3262), as caller and as phone.</summary>
public sealed class ReliableProvisionalTests
{
    const string Key = "attempt-1";
    const string Contact = "Contact: <sip:phone@192.0.2.2>\n";

    static byte[] Reliable(SipMessage invite, int code, uint rseq, byte[]? sdp = null, string tag = "b") =>
        Wire.Response(invite, code, tag, $"{Contact}Require: 100rel\nRSeq: {rseq}\n", sdp);

    [Theory]
    [InlineData(ReliableProvisional.Off, false, false)]
    [InlineData(ReliableProvisional.Supported, true, false)]
    [InlineData(ReliableProvisional.Required, true, true)]
    public void The_INVITE_says_what_the_attempt_or_the_options_say(ReliableProvisional reliable, bool supported, bool required)
    {
        var byOptions = new Bench(Bench.Options with { Reliable = reliable }).Invite();
        var bench = new Bench();
        bench.Agent.Invite(Bench.Attempt() with { Reliable = reliable }, Wire.Audio().Offer(), null, bench.Now);
        Assert.All([byOptions, bench.SentOne()], invite => Assert.Equal(
            (supported, required, true), (invite.Lists(HeaderId.Supported, "100rel"), invite.Lists(HeaderId.Require, "100rel"), invite.Lists(HeaderId.Supported, "timer"))));
    }

    [Fact]
    public void A_reliable_response_gets_its_PRACK_once_and_the_answer_is_the_first_description()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Reliable(invite, 183, 77, Wire.Sdp(4500)));
        var prack = bench.SentOne();
        Assert.Equal(("PRACK", 2, "77 1 INVITE", "b"), (prack.MethodName, prack.CSeq!.Number, prack.Text(HeaderId.RAck), prack.To!.Tag));
        bench.Send(Reliable(invite, 183, 77, Wire.Sdp(4500)));
        Assert.Empty(bench.Sent());
        bench.Send(Wire.Response(prack, 200));
        Assert.Equal(183, bench.Event<Ringing>().Code);
        bench.Send(Wire.Response(invite, 200, "b", Contact, Wire.Sdp(9)));
        Assert.Equal(Wire.Sdp(4500), bench.Event<Answered>().Sdp.ToArray());
        bench.Agent.Acknowledge(Key, bench.Now);
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        Assert.Equal([("ACK", 1), ("BYE", 3)], bench.Sent().Select(m => (m.MethodName, m.CSeq!.Number)));
        bench.AssertEmpties();
    }

    [Fact]
    public void Responses_out_of_order_are_neither_acknowledged_nor_told()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Reliable(invite, 180, 10));
        bench.Send(Reliable(invite, 183, 12));
        bench.Send(Reliable(invite, 183, 9));
        Assert.Equal("10 1 INVITE", bench.SentOne().Text(HeaderId.RAck));
        Assert.Equal(180, bench.Event<Ringing>().Code);
        bench.Send(Reliable(invite, 181, 11));
        bench.Send(Reliable(invite, 183, 12));
        Assert.Equal(["11 1 INVITE", "12 1 INVITE"], bench.Sent().Select(m => m.Text(HeaderId.RAck)));
        bench.Send(Reliable(invite, 180, 500, tag: "c"));
        Assert.Equal(("500 1 INVITE", "c"), bench.SentOne() is var other ? (other.Text(HeaderId.RAck), other.To!.Tag) : default);
    }

    [Fact]
    public void A_PRACK_that_was_not_taken_is_sent_again_with_the_next_repetition()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        bench.Send(Reliable(invite, 180, 10));
        bench.Send(Wire.Response(bench.SentOne(), 500));
        bench.Send(Reliable(invite, 180, 10));
        Assert.Equal((3, "10 1 INVITE"), bench.SentOne() is var again ? (again.CSeq!.Number, again.Text(HeaderId.RAck)) : default);
    }

    [Fact]
    public void A_challenged_PRACK_is_sent_again_with_credentials()
    {
        var bench = new Bench();
        var invite = bench.Invite(new Credentials("bob", "s"));
        bench.Send(Reliable(invite, 180, 10));
        bench.Send(Wire.Response(bench.SentOne(), 407, "", "Proxy-Authenticate: Digest realm=\"p\", nonce=\"1\", qop=\"auth\"\n"));
        Assert.True(bench.SentOne() is { Method: SipMethod.Prack } again && again.Has(HeaderId.ProxyAuthorization));
    }

    [Fact]
    public void An_INVITE_without_an_offer_asks_for_nothing_reliable_and_the_ACK_brings_our_answer()
    {
        var bench = new Bench();
        bench.Agent.Invite(Bench.Attempt(), default, null, bench.Now);
        var invite = bench.SentOne();
        Assert.True(invite.Body.IsEmpty);
        Assert.False(invite.Lists(HeaderId.Supported, "100rel"));
        bench.Send(Wire.Response(invite, 200, "b", Contact, Wire.Sdp(4700)));
        Assert.Equal(Wire.Sdp(4700), bench.Event<Answered>().Sdp.ToArray());
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Answer(Wire.Sdp(4700), Wire.Audio(), out var answer, out _));
        bench.Agent.Acknowledge(Key, bench.Now, answer);
        Assert.Equal(answer, bench.SentOne().Body.ToArray());
    }

    static (Bench Bench, string Key, byte[] Invite) Called(string headers, byte[]? body, ReliableProvisional reliable = ReliableProvisional.Supported)
    {
        var bench = new Bench(Bench.Options with { Reliable = reliable });
        var invite = Wire.Request("INVITE", headers: headers, body: body);
        bench.Send(invite);
        return (bench, bench.Events() is [IncomingCall call] ? call.CallKey : "", invite);
    }

    static byte[] Prack(SipMessage response, int cseq, byte[]? body = null, string? rack = null) => Wire.Request(
        "PRACK", toTag: response.To!.Tag, cseq: cseq, branch: $"z9hG4bK-prack{cseq}", headers: $"RAck: {rack ?? $"{response.Text(HeaderId.RSeq)} 1 INVITE"}\n", body: body);

    [Fact]
    public void As_a_phone_a_required_response_is_repeated_until_its_PRACK_and_the_answer_waits()
    {
        var (bench, key, _) = Called("Require: 100rel\n", Wire.Sdp());
        bench.Agent.Ring(key, 183, Wire.Audio().Offer(), bench.Now);
        bench.Agent.Ring(key, 180, default, bench.Now);
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        var first = bench.SentOne();
        Assert.Equal((183, "100rel"), (first.StatusCode, first.Text(HeaderId.Require)));
        bench.Pass(3.6);
        Assert.Equal(3, bench.Sent().Count); // after 0.5, 1.5 and 3.5 s
        bench.Send(Prack(first, 2, rack: "1 1 INVITE"));
        Assert.Equal(["481 PRACK"], bench.SentNames());
        bench.Send(Prack(first, 3));
        var sent = bench.Sent();
        Assert.Equal(["200 PRACK", "180 INVITE", "200 INVITE"], sent.Select(m => $"{m.StatusCode} {m.MethodName}"));
        Assert.Equal(uint.Parse(first.Text(HeaderId.RSeq), null) + 1, uint.Parse(sent[1].Text(HeaderId.RSeq), null));
        Assert.True(sent[2].Body.IsEmpty); // the answer came with the 183
        bench.Send(Wire.Request("ACK", toTag: first.To!.Tag, branch: "z9hG4bK-ack"));
        Assert.Equal(Wire.Audio().Offer(), System.Text.Encoding.UTF8.GetBytes(bench.Event<Confirmed>().Dialog.LocalSdp));
    }

    [Fact]
    public void As_a_phone_an_answer_ends_the_repetition_and_the_PRACK_still_gets_200()
    {
        var (bench, key, _) = Called("Require: 100rel\n", Wire.Sdp());
        bench.Agent.Ring(key, 180, default, bench.Now);
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        var sent = bench.Sent();
        Assert.Equal([180, 200], sent.Select(m => m.StatusCode));
        bench.Send(Wire.Request("ACK", toTag: sent[1].To!.Tag, branch: "z9hG4bK-ack"));
        bench.Send(Prack(sent[0], 2));
        bench.Send(Prack(sent[0], 3));
        Assert.Equal(["200 PRACK", "481 PRACK"], bench.SentNames());
        bench.Pass(40);
        Assert.Empty(bench.Sent());
    }

    [Fact]
    public void As_a_phone_a_PRACK_after_the_refusal_brings_no_answer_back()
    {
        var (bench, key, _) = Called("Require: 100rel\n", Wire.Sdp());
        bench.Agent.Ring(key, 183, Wire.Audio().Offer(), bench.Now);
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now); // waits for the PRACK
        var early = bench.SentOne();
        bench.Agent.HangUp(key, HangUpReason.Normal, bench.Now);
        bench.Send(Prack(early, 2));
        Assert.Equal(["603 INVITE", "200 PRACK"], bench.SentNames());
        bench.AssertEmpties();
    }

    [Fact]
    public void As_a_phone_without_a_PRACK_the_INVITE_fails_after_64_T1()
    {
        var (bench, key, _) = Called("Require: 100rel\n", Wire.Sdp());
        bench.Agent.Ring(key, 180, default, bench.Now);
        bench.Pass(32);
        Assert.Equal(504, bench.Sent()[^1].StatusCode);
        Assert.Equal(EndCause.NoPrack, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void As_a_phone_an_INVITE_without_an_offer_gets_one_and_the_PRACK_brings_the_answer()
    {
        var (bench, key, _) = Called("Require: 100rel\n", null);
        bench.Agent.Ring(key, 183, Wire.Audio().Offer(), bench.Now);
        var early = bench.SentOne();
        bench.Send(Prack(early, 2, Wire.Sdp(4900)));
        Assert.Equal(["200 PRACK"], bench.SentNames());
        Assert.Equal(Wire.Sdp(4900), bench.Event<MediaChanged>().Sdp.ToArray());
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        Assert.True(bench.SentOne().Body.IsEmpty);
    }

    [Fact]
    public void As_a_phone_a_new_offer_in_the_PRACK_is_answered_in_its_200()
    {
        var (bench, key, _) = Called("Require: 100rel\n", Wire.Sdp());
        bench.Agent.Ring(key, 183, Wire.Audio().Offer(), bench.Now);
        bench.Send(Prack(bench.SentOne(), 2, Wire.Sdp(4902, "a=sendonly\n")));
        var ok = bench.SentOne();
        Assert.True(SessionDescription.TryParse(ok.Body.Span, out var sdp));
        Assert.Equal((200, MediaDirection.RecvOnly), (ok.StatusCode, sdp.Media[0].Direction));
        bench.Event<MediaChanged>();
    }

    [Theory]
    [InlineData(ReliableProvisional.Off, "Require: 100rel\n", 420)]
    [InlineData(ReliableProvisional.Required, "", 421)]
    public void As_a_phone_what_does_not_fit_is_refused(ReliableProvisional reliable, string headers, int code)
    {
        var (bench, _, _) = Called(headers, Wire.Sdp(), reliable);
        Assert.Equal(code, bench.SentOne().StatusCode);
    }

    [Fact]
    public void As_a_phone_CANCEL_ends_the_repetition()
    {
        var (bench, key, _) = Called("Supported: 100rel\n", Wire.Sdp(), ReliableProvisional.Required);
        bench.Agent.Ring(key, 180, default, bench.Now);
        bench.Send(Wire.Request("CANCEL"));
        bench.Sent();
        bench.Send(Wire.Request("ACK"));
        bench.Pass(20);
        Assert.Empty(bench.Sent());
        bench.AssertEmpties();
    }
}
