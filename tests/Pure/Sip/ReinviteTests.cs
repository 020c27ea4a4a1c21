using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

public sealed class ReinviteTests
{
    const string Key = "attempt-1";

    static byte[] FromPeer(SipMessage invite, string method, int cseq, byte[]? body = null, string branch = "") => Wire.Request(
        method, fromTag: "b", toTag: invite.From!.Tag, callId: invite.CallId, cseq: cseq, branch: $"z9hG4bK-{method}{cseq}{branch}", body: body);

    static MediaDirection AnsweredDirection(SipMessage answer)
    {
        Assert.True(SessionDescription.TryParse(answer.Body.Span, out var sdp));
        Assert.Equal(3000, sdp.Media[0].Port);
        return sdp.Media[0].Direction!.Value;
    }

    [Theory]
    [InlineData("a=sendonly\n", MediaDirection.RecvOnly)]
    [InlineData("a=recvonly\n", MediaDirection.SendOnly)]
    [InlineData("a=inactive\n", MediaDirection.Inactive)]
    [InlineData("c=IN IP4 0.0.0.0\n", MediaDirection.RecvOnly)]
    [InlineData("", MediaDirection.SendRecv)]
    public void The_peer_may_hold_and_gets_our_media_where_it_was(string line, MediaDirection expected)
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        var offer = Wire.Sdp(4444, line);
        bench.Send(FromPeer(invite, "INVITE", 1, offer));
        var answer = bench.SentOne();
        Assert.Equal((200, expected), (answer.StatusCode, AnsweredDirection(answer)));
        Assert.Equal(offer, bench.Event<MediaChanged>().Sdp.ToArray());
        bench.Send(FromPeer(invite, "ACK", 1));
        bench.Pass(40);
        Assert.Empty(bench.Sent());
        Assert.Equal((1, 0), (bench.Agent.Calls, bench.Agent.Transactions));
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 0 8\n", "audio 3100")]
    [InlineData("m=video 0 RTP/AVP 96\nm=audio 0 RTP/AVP 0\n", "video 0,audio 3100")]
    [InlineData("m=audio 0 RTP/SAVP 0\nm=audio 0 RTP/AVP 0\n", "audio 3100,audio 0")]
    public void The_peer_may_give_up_its_stream_and_take_it_up_again(string none, string expected)
    {
        const string Session = "v=0\no=- 7 2 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\n";
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        string Streams() => SessionDescription.TryParse(bench.SentOne().Body.Span, out var sdp) ? string.Join(',', sdp.Media.Select(m => $"{m.Kind} {m.Port}")) : "";
        bench.Send(FromPeer(invite, "INVITE", 1, Wire.Bytes(Session + none)));
        Assert.Equal(expected.Replace("3100", "0", StringComparison.Ordinal), Streams());
        bench.Event<MediaChanged>();
        bench.Send(FromPeer(invite, "ACK", 1));
        bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now);
        var ours = bench.SentOne();
        Assert.True(SessionDescription.TryParse(ours.Body.Span, out var offered));
        Assert.Equal(expected, string.Join(',', offered.Media.Select(m => $"{m.Kind} {m.Port}")));
        bench.Send(Wire.Response(ours, 488));
        bench.Sent();
        bench.Event<ReinviteDone>();
        bench.Send(FromPeer(invite, "INVITE", 2)); // what do we offer now that 3100 was refused?
        Assert.Equal(expected.Replace("3100", "3000", StringComparison.Ordinal), Streams());
        bench.Send(FromPeer(invite, "ACK", 2, Wire.Bytes(Session + string.Concat(expected.Split(',').Select(m => $"m={m} RTP/AVP 0\n")))));
        Assert.Contains("m=audio 3000", bench.Event<MediaChanged>().Dialog.LocalSdp, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_of_our_description_goes_up_with_each_answer()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        for (var i = 1; i <= 3; i++)
        {
            bench.Send(FromPeer(invite, "INVITE", i, Wire.Sdp(4444)));
            Assert.True(SessionDescription.TryParse(bench.SentOne().Body.Span, out var sdp));
            Assert.Equal(("1", $"{i + 1}"), (sdp.SessionId, sdp.Version));
            bench.Send(FromPeer(invite, "ACK", i));
        }
    }

    [Fact]
    public void A_re_INVITE_without_offer_gets_ours_and_brings_its_answer_in_the_ACK()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        bench.Send(FromPeer(invite, "INVITE", 1));
        Assert.True(OfferAnswer.TryReadLocal(bench.SentOne().Body.Span, out var offer));
        Assert.Equal((3000, 2), (offer.Rtp.Port, offer.Codecs.Count));
        Assert.Empty(bench.Events());
        bench.Send(FromPeer(invite, "ACK", 1, Wire.Sdp(4002)));
        Assert.Equal(Wire.Sdp(4002), bench.Event<MediaChanged>().Sdp.ToArray());
    }

    [Fact]
    public void A_re_INVITE_that_cannot_be_met_changes_nothing()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        bench.Send(FromPeer(invite, "INVITE", 1, Wire.Bytes("v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0\nm=audio 4000 RTP/AVP 9\nc=IN IP4 192.0.2.9\n")));
        Assert.Equal(["488 INVITE"], bench.SentNames());
        bench.Send(FromPeer(invite, "OPTIONS", 2));
        Assert.Equal(["200 OPTIONS"], bench.SentNames());
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void An_old_CSeq_gets_500_and_a_lost_ACK_ends_the_call()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        bench.Send(FromPeer(invite, "INVITE", 5, Wire.Sdp()));
        bench.Send(FromPeer(invite, "INFO", 4));
        Assert.Equal(["200 INVITE", "500 INFO"], bench.SentNames());
        bench.Events();
        bench.Pass(32);
        Assert.Equal("BYE", bench.SentNames()[^1]);
        Assert.Equal(EndCause.NoAck, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void Ours_is_acknowledged_at_once_and_its_result_told()
    {
        var bench = new Bench();
        bench.Establish();
        Assert.Equal(CommandResult.Done, bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now));
        Assert.Equal(CommandResult.Busy, bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now));
        var reinvite = bench.SentOne();
        Assert.Equal((2, "b"), (reinvite.CSeq!.Number, reinvite.To!.Tag));
        var answer = Wire.Response(reinvite, 200, "", "Contact: <sip:moved@192.0.2.2>\n", Wire.Sdp(4600));
        bench.Send(answer);
        bench.Send(answer);
        var acks = bench.Sent();
        Assert.Equal([("ACK", 2), ("ACK", 2)], acks.Select(m => (m.MethodName, m.CSeq!.Number)));
        Assert.Equal("sip:moved@192.0.2.2", System.Text.Encoding.UTF8.GetString(acks[0].RequestUri));
        var done = bench.Event<ReinviteDone>();
        Assert.Equal((200, "sip:moved@192.0.2.2"), (done.Code, done.Dialog.RemoteTarget));
        Assert.Equal(Wire.Sdp(4600), done.Sdp.ToArray());
        Assert.Equal(CommandResult.Done, bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now));
    }

    [Fact]
    public void Glare_is_tried_again_after_2_to_4_seconds()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now);
        var ours = bench.SentOne();
        bench.Send(FromPeer(invite, "INVITE", 1, Wire.Sdp()));
        Assert.Equal(["491 INVITE"], bench.SentNames());
        bench.Send(FromPeer(invite, "INVITE", 1, Wire.Sdp()));
        Assert.Equal(["491 INVITE"], bench.SentNames());
        bench.Send(Wire.Request("ACK", fromTag: "b", toTag: invite.From!.Tag, callId: invite.CallId, branch: "z9hG4bK-INVITE1"));
        bench.Send(Wire.Response(ours, 491));
        Assert.Equal(["ACK"], bench.SentNames());
        bench.Pass(2.09);
        Assert.Empty(bench.Sent());
        bench.Pass(1.92);
        Assert.Equal("INVITE", bench.SentNames()[0]);
    }

    [Theory]
    [InlineData(true, 2.1, 4)]
    [InlineData(false, 0, 2)]
    public void The_side_that_owns_the_Call_ID_waits_longer_after_a_glare(bool owns, double least, double most)
    {
        HashSet<double> waits = [];
        for (var seed = 1; seed <= 60; seed++)
        {
            var bench = new Bench(Bench.Options with { Seed = seed });
            var key = owns ? Key : Answered(bench);
            if (owns) bench.Establish();
            bench.Agent.Reinvite(key, Wire.Audio(3100).Offer(), bench.Now);
            bench.Send(Wire.Response(bench.SentOne(), 491));
            Assert.Equal(["ACK"], bench.SentNames());
            var refusedAt = bench.Now;
            while (bench.Sent() is not [{ MethodName: "INVITE" }]) bench.Pass(bench.Agent.NextWake!.Value - bench.Now);
            waits.Add((bench.Now - refusedAt).TotalMilliseconds);
        }
        Assert.All(waits, wait => Assert.True(wait >= least * 1_000 && wait <= most * 1_000 && wait % 10 == 0, $"{wait} ms"));
        Assert.True(waits.Count > 20 && waits.Max() - waits.Min() > (most - least) * 500, string.Join(' ', waits));
    }

    /// <summary>A call to us up to its ACK; its key.</summary>
    static string Answered(Bench bench)
    {
        bench.Send(Wire.Request("INVITE", body: Wire.Sdp()));
        var key = bench.Event<IncomingCall>().CallKey;
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        bench.Send(Wire.Request("ACK", toTag: bench.SentOne().To!.Tag, branch: "z9hG4bK-2"));
        bench.Event<Confirmed>();
        return key;
    }

    [Theory]
    [InlineData(488, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    [InlineData(481, true)]
    [InlineData(408, true)]
    public void A_refusal_leaves_the_session_unless_the_dialog_is_gone(int code, bool ends)
    {
        var bench = new Bench();
        bench.Establish();
        bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now);
        bench.Send(Wire.Response(bench.SentOne(), code, headers: "Retry-After: 9\n"));
        var events = bench.Events();
        Assert.Equal(code, Assert.IsType<ReinviteDone>(events[0]).Code);
        Assert.Equal(ends, events.Count == 2 && events[1] is Ended { Cause: EndCause.DialogLost });
        if (ends) bench.AssertEmpties();
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(408, false)]
    [InlineData(488, false)]
    [InlineData(481, true)]
    public void An_offer_that_a_call_can_do_without_does_not_end_it_by_silence(int? code, bool ends)
    {
        var bench = new Bench();
        bench.Establish();
        bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now, isOptional: true);
        if (code is { } refusal) bench.Send(Wire.Response(bench.SentOne(), refusal));
        else bench.Pass(32);
        var events = bench.Events();
        Assert.Equal(code ?? 408, Assert.IsType<ReinviteDone>(events[0]).Code);
        Assert.Equal(ends, events.Count > 1);
        bench.Sent();
        bench.Pass(40);
        Assert.Equal((ends ? 0 : 1, 0), (bench.Agent.Calls, bench.Agent.Transactions));
        if (!ends) Assert.Equal(CommandResult.Done, bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now));
    }

    [Theory]
    [InlineData(null, "9 0", "0")]
    [InlineData(AudioCodec.G722, "0 9", "9")]
    [InlineData(AudioCodec.G722, "0", "0")]
    [InlineData(null, "9", null)]
    public void The_peer_is_answered_with_the_codecs_that_we_can_do_with_at_present(AudioCodec? preferred, string offered, string? expected)
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        var wide = Wire.Audio() with { Codecs = [AudioCodec.G722, AudioCodec.Pcmu] };
        bench.Agent.Reinvite(Key, wide.Offer(), bench.Now);
        bench.Send(Wire.Response(bench.SentOne(), 488));
        bench.Sent();
        Assert.Equal(CommandResult.Done, bench.Agent.SetCodecs(Key, preferred is null ? [AudioCodec.Pcmu] : wide.Codecs, preferred));
        bench.Send(FromPeer(invite, "INVITE", 1, Wire.Bytes($"v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0\nm=audio 4000 RTP/AVP {offered}\nc=IN IP4 192.0.2.9\n")));
        var answer = bench.SentOne();
        Assert.Equal(expected is null ? 488 : 200, answer.StatusCode);
        if (expected is null) return;
        Assert.True(SessionDescription.TryParse(answer.Body.Span, out var sdp));
        Assert.Equal([expected], sdp.Media[0].Formats);
        bench.Send(FromPeer(invite, "ACK", 1));
        bench.Send(FromPeer(invite, "INVITE", 2));
        Assert.True(SessionDescription.TryParse(bench.SentOne().Body.Span, out sdp));
        Assert.Equal(preferred is null ? ["0", "101"] : ["9", "0", "101"], sdp.Media[0].Formats);
    }

    [Fact]
    public void Hanging_up_during_a_re_INVITE_leaves_nothing()
    {
        var bench = new Bench();
        bench.Establish();
        bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now);
        var reinvite = bench.SentOne();
        bench.Send(Wire.Response(reinvite, 100));
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        bench.Event<Ended>();
        bench.Send(Wire.Response(reinvite, 200, "", "Contact: <sip:x@192.0.2.2>\n", Wire.Sdp()));
        Assert.Equal(["BYE", "ACK"], bench.SentNames());
        Assert.Empty(bench.Events());
        bench.AssertEmpties();
    }

    [Fact]
    public void A_re_INVITE_of_an_ended_call_that_then_only_rings_is_forgotten()
    {
        var bench = new Bench();
        bench.Establish();
        bench.Agent.Reinvite(Key, Wire.Audio().Offer(), bench.Now);
        var reinvite = bench.SentOne();
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        var bye = bench.SentOne();
        bench.Send(Wire.Response(bye, 200));
        bench.Send(Wire.Response(reinvite, 183));
        bench.AssertEmpties();
    }
}
