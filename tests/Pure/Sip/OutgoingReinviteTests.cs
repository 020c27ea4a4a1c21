using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>How a re-INVITE of ours ends, and what holds afterwards (RFC 3261 section 14.1, RFC 3262 section 5, RFC 6141).</summary>
public sealed class OutgoingReinviteTests
{
    const string Key = "attempt-1";
    const string Reliable = "Contact: <sip:phone@192.0.2.2>\nRequire: 100rel\nRSeq: 7\n";
    const string Contact = "Contact: <sip:phone@192.0.2.2>\n";

    /// <summary>A re-INVITE of ours, and the description of the peer's that held before.</summary>
    static (Bench Bench, SipMessage Reinvite) Changing()
    {
        var bench = new Bench();
        bench.Establish();
        Assert.Equal(CommandResult.Done, bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now));
        return (bench, bench.SentOne());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4802)]
    public void The_answer_in_a_reliable_183_stands_whatever_the_200_says(int? later)
    {
        var (bench, reinvite) = Changing();
        bench.Send(Wire.Response(reinvite, 183, "", Reliable, Wire.Sdp(4800)));
        bench.Send(Wire.Response(reinvite, 200, "", Contact, later is { } port ? Wire.Sdp(port) : null));
        Assert.Equal(["PRACK", "ACK"], bench.SentNames());
        var done = bench.Event<ReinviteDone>();
        Assert.Equal(Wire.Sdp(4800), done.Sdp.ToArray());
        Assert.Contains("m=audio 4800", done.Dialog.RemoteSdp, StringComparison.Ordinal);
        Assert.Contains("m=audio 3100", done.Dialog.LocalSdp, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 4800)]
    [InlineData(4802, 4802)]
    public void A_183_that_is_not_reliable_tells_the_answer_that_the_200_leaves_out(int? later, int expected)
    {
        var (bench, reinvite) = Changing();
        bench.Send(Wire.Response(reinvite, 183, "", Contact, Wire.Sdp(4800)));
        bench.Send(Wire.Response(reinvite, 200, "", Contact, later is { } port ? Wire.Sdp(port) : null));
        Assert.Equal(Wire.Sdp(expected), bench.Event<ReinviteDone>().Sdp.ToArray());
    }

    [Fact]
    public void A_200_without_any_answer_leaves_the_session_as_it_was()
    {
        var (bench, reinvite) = Changing();
        bench.Send(Wire.Response(reinvite, 200, "", Contact));
        Assert.Equal(["ACK"], bench.SentNames());
        var done = bench.Event<ReinviteDone>();
        Assert.True(done.Sdp.IsEmpty);
        Assert.Contains("m=audio 4000", done.Dialog.RemoteSdp, StringComparison.Ordinal);
        Assert.Contains("m=audio 3000", done.Dialog.LocalSdp, StringComparison.Ordinal);
        Assert.Equal(CommandResult.Done, bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now));
    }

    [Fact]
    public void A_refusal_after_a_reliable_answer_is_followed_by_a_re_INVITE_that_says_what_holds_now()
    {
        var (bench, reinvite) = Changing();
        bench.Send(Wire.Response(reinvite, 183, "", Reliable, Wire.Sdp(4800)));
        bench.Send(Wire.Response(bench.SentOne(), 200));
        bench.Send(Wire.Response(reinvite, 500));
        var events = bench.Events();
        Assert.Equal(500, Assert.IsType<ReinviteDone>(events[0]).Code);
        Assert.Equal(Wire.Sdp(4800), Assert.IsType<MediaChanged>(events[1]).Sdp.ToArray());
        var sent = bench.Sent();
        Assert.Equal(["ACK", "INVITE"], sent.Select(m => m.MethodName));
        Assert.True(OfferAnswer.TryReadLocal(sent[1].Body.Span, out var stated));
        Assert.Equal(3100, stated.Rtp.Port);
        bench.Send(Wire.Response(sent[1], 500));
        Assert.Equal(["ACK"], bench.SentNames()); // said once
    }

    [Fact]
    public void A_re_INVITE_that_never_gets_beyond_100_is_cancelled_and_leaves_the_session()
    {
        var (bench, reinvite) = Changing();
        bench.Send(Wire.Response(reinvite, 100));
        bench.Pass(bench.Agent.Options.ReinviteLimit);
        var cancel = bench.SentOne();
        Assert.Equal(("CANCEL", reinvite.TopVia!.Branch), (cancel.MethodName, cancel.TopVia!.Branch));
        bench.Send(Wire.Response(cancel, 200));
        bench.Send(Wire.Response(reinvite, 487));
        Assert.Equal(["ACK"], bench.SentNames());
        Assert.Equal(487, bench.Event<ReinviteDone>().Code);
        Assert.Equal(CommandResult.Done, bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now));
    }

    [Fact]
    public void After_a_re_INVITE_that_was_given_up_the_peer_may_change_the_session()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now);
        bench.Send(Wire.Response(bench.SentOne(), 100));
        bench.Pass(600);
        bench.Sent();
        Assert.Equal(487, bench.Event<ReinviteDone>().Code);
        bench.Send(Wire.InDialog(invite, "INVITE", 1, Wire.Sdp(4444)));
        Assert.Equal(["200 INVITE"], bench.SentNames());
    }

    [Fact]
    public void A_200_that_crosses_the_CANCEL_of_a_re_INVITE_counts()
    {
        var (bench, reinvite) = Changing();
        bench.Send(Wire.Response(reinvite, 100));
        bench.Pass(bench.Agent.Options.ReinviteLimit);
        var cancel = bench.SentOne();
        bench.Send(Wire.Response(reinvite, 200, "", Contact, Wire.Sdp(4800)));
        bench.Send(Wire.Response(cancel, 481));
        Assert.Equal(["ACK"], bench.SentNames());
        Assert.Equal(200, bench.Event<ReinviteDone>().Code);
        bench.Pass(64);
        Assert.Equal((1, 0), (bench.Agent.Calls, bench.Agent.Transactions));
    }

    [Fact]
    public void A_200_that_follows_a_glare_is_taken_and_nothing_is_tried_again()
    {
        var (bench, reinvite) = Changing();
        bench.Send(Wire.Response(reinvite, 491));
        bench.Send(Wire.Response(reinvite, 200, "", Contact, Wire.Sdp(4800)));
        Assert.Equal(["ACK", "ACK"], bench.SentNames());
        Assert.Equal(200, bench.Event<ReinviteDone>().Code);
        bench.Agent.Reinvite(Key, Wire.Audio(3200).Offer(), bench.Now);
        bench.Agent.HangUp(Key, HangUpReason.Normal, bench.Now);
        bench.Event<Ended>();
        bench.Sent();
        bench.AssertEmpties();
    }

    [Fact]
    public void A_200_that_follows_a_challenge_is_acknowledged_with_its_own_number_and_so_is_the_next()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(new Credentials("us", "secret")), 200, "b", Contact, Wire.Sdp()));
        bench.Event<Answered>();
        bench.Agent.Acknowledge(Key, bench.Now);
        bench.Sent();
        bench.Agent.Reinvite(Key, Wire.Audio(3100).Offer(), bench.Now);
        var first = bench.SentOne();
        bench.Send(Wire.Response(first, 401, "", "WWW-Authenticate: Digest realm=\"r\",nonce=\"n\"\n"));
        var second = bench.Sent()[^1];
        bench.Send(Wire.Response(first, 200, "", Contact, Wire.Sdp(4800)));
        bench.Send(Wire.Response(second, 200, "", Contact, Wire.Sdp(4802)));
        bench.Send(Wire.Response(first, 200, "", Contact, Wire.Sdp(4800)));
        Assert.Equal([2, 3, 2], bench.Sent().Select(ack => ack.CSeq!.Number));
    }
}
