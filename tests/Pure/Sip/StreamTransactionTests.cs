using System.Net;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>What is different when nothing gets lost: RFC 3261 sections 17 and 18.</summary>
public sealed class StreamTransactionTests
{
    static readonly UserAgentOptions Options = Bench.Options with
    {
        Addresses = [new(SipTransport.Udp, new("192.0.2.1", 5060)), new(SipTransport.Tcp, new("192.0.2.1", 5062)), new(SipTransport.Tls, new("192.0.2.1", 5061))],
    };

    static readonly Hop Tcp = new(SipTransport.Tcp, Wire.Peer);

    static Bench Calling(Hop hop, string id = "a")
    {
        var bench = new Bench(Options);
        bench.Agent.Invite(InviteAttempt.Create(id, "sip:+1@192.0.2.1", "sip:+2@192.0.2.2", hop, "192.0.2.1:5060"), Wire.Audio().Offer(), null, bench.Now);
        return bench;
    }

    [Fact]
    public void Nothing_is_repeated_and_the_silence_of_a_peer_ends_after_timer_B()
    {
        var bench = Calling(Tcp);
        var invite = bench.SentOne();
        Assert.Equal(("TCP", "192.0.2.1:5062"), (invite.TopVia!.Transport, invite.TopVia.SentBy.ToString()));
        Assert.Equal("<sip:192.0.2.1:5062;transport=tcp>", invite.Text(HeaderId.Contact));
        bench.Pass(31.9);
        Assert.Empty(bench.Sent());
        bench.Pass(0.2);
        Assert.Equal((408, RefusedBy.Timeout), (bench.Event<Refused>() is var r ? (r.Code, r.Source) : default));
        bench.AssertEmpties();
    }

    [Fact]
    public void Timer_D_is_zero()
    {
        var bench = Calling(Tcp);
        bench.Send(Wire.Response(bench.SentOne(), 486, "b"));
        Assert.Equal(["ACK"], bench.SentNames());
        bench.Event<Refused>();
        bench.Pass(0);
        Assert.Equal((0, 0, 0), (bench.Agent.Transactions, bench.Agent.Calls, bench.Agent.PendingTimers));
    }

    [Fact]
    public void Timers_I_and_J_are_zero_and_a_refusal_is_sent_once()
    {
        var bench = new Bench(Options);
        var source = Tcp with { Connection = 7 };
        bench.Agent.Receive(Wire.Request("INVITE", body: Wire.Sdp()), source, bench.Now);
        bench.Agent.Reject(bench.Event<IncomingCall>().CallKey, 486, bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var refusal));
        Assert.Equal(source, refusal.Destination);
        bench.Pass(10);
        Assert.Empty(bench.Sent());
        bench.Agent.Receive(Wire.Request("ACK", toTag: Wire.Parse(refusal.Bytes.ToArray()).To!.Tag, cseqMethod: "ACK"), source, bench.Now);
        bench.Pass(0);
        Assert.Equal(0, bench.Agent.Transactions);
    }

    [Fact]
    public void A_response_goes_to_the_connection_and_else_to_where_Via_says()
    {
        var bench = new Bench(Options);
        var source = new Hop(SipTransport.Tcp, new IPEndPoint(Wire.Peer.Address, 40_000), Connection: 9);
        bench.Agent.Receive(Wire.Request("OPTIONS"), source, bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var response));
        Assert.Equal(new Hop(SipTransport.Tcp, Wire.Peer, Connection: 9), response.Destination);
    }

    [Fact]
    public void A_dead_peer_fails_the_call_at_once_as_503()
    {
        var bench = Calling(Tcp);
        bench.SentOne();
        Assert.False(bench.Agent.ConnectionLost(Tcp, bench.Now));
        Assert.Equal((503, RefusedBy.Transport), bench.Event<Refused>() is var r ? (r.Code, r.Source) : default);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_ringing_call_outlives_its_connection_until_the_peer_is_known_to_be_gone()
    {
        var bench = Calling(Tcp);
        bench.Send(Wire.Response(bench.SentOne(), 180, "b"));
        bench.Event<Ringing>();
        Assert.True(bench.Agent.ConnectionLost(Tcp, bench.Now));
        Assert.Empty(bench.Events());
        bench.Agent.Unreachable(Tcp, bench.Now);
        Assert.Equal(503, bench.Event<Refused>().Code);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_large_request_goes_by_TCP_and_comes_back_to_UDP_when_that_is_refused()
    {
        var bench = new Bench(Options);
        void Invite(string id) => bench.Agent.Invite(InviteAttempt.Create(id, "sip:+1@192.0.2.1", "sip:+2@192.0.2.2", Wire.Peer, "192.0.2.1:5060"),
            new byte[1_400], null, bench.Now);
        Invite("large");
        Assert.True(bench.Agent.TryTransmit(out var first));
        Assert.Equal((Tcp, true), (first.Destination, first.IsForSize));
        Assert.Equal("TCP", Wire.Parse(first.Bytes.ToArray()).TopVia!.Transport);
        bench.Agent.Unreachable(Tcp, bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var second));
        Assert.Equal(Wire.Peer, second.Destination);
        var (tcp, udp) = (Wire.Parse(first.Bytes.ToArray()), Wire.Parse(second.Bytes.ToArray()));
        Assert.Equal((tcp.TopVia!.Branch, tcp.CSeq), (udp.TopVia!.Branch, udp.CSeq));
        bench.Pass(0.5);
        Assert.Equal(["INVITE"], bench.SentNames()); // timer A runs over UDP
        Invite("large too");
        Assert.True(bench.Agent.TryTransmit(out var third));
        Assert.Equal(SipTransport.Udp, third.Destination.Transport); // the refusal is remembered
        bench.Send(Wire.Response(udp, 200, "b", "Contact: <sip:phone@192.0.2.2>\n", Wire.Sdp()));
        bench.Agent.Acknowledge("large", bench.Now);
    }

    [Fact]
    public void A_large_request_that_was_given_up_does_not_come_back_to_UDP()
    {
        var bench = new Bench(Options);
        bench.Agent.Invite(Bench.Attempt(), new byte[1_400], null, bench.Now);
        Assert.Equal(["INVITE"], bench.SentNames());
        bench.Agent.HangUp("attempt-1", HangUpReason.Normal, bench.Now);
        bench.Agent.Unreachable(Tcp, bench.Now);
        Assert.Empty(bench.Sent());
        bench.Event<Ended>();
    }

    [Theory]
    [InlineData(SipTransport.Tcp, "sip:phone@192.0.2.2:5060", SipTransport.Tcp)] // says nothing: stays where it is
    [InlineData(SipTransport.Tcp, "sip:phone@192.0.2.2:5060;transport=udp", SipTransport.Udp)]
    [InlineData(SipTransport.Udp, "sip:phone@192.0.2.2:5060;transport=tcp", SipTransport.Tcp)]
    [InlineData(SipTransport.Tcp, "sip:phone@192.0.2.3:5060", SipTransport.Udp)] // another host: RFC 3263 section 4.1
    [InlineData(SipTransport.Tcp, "sips:phone@192.0.2.3:5061", SipTransport.Tls)]
    public void Requests_in_a_dialog_go_by_the_transport_of_the_contact(SipTransport own, string contact, SipTransport expected)
    {
        var bench = Calling(new Hop(own, Wire.Peer));
        bench.Send(Wire.Response(bench.SentOne(), 200, "b", $"Contact: <{contact}>\n", Wire.Sdp()));
        bench.Agent.Acknowledge("a", bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var ack));
        Assert.Equal(expected, ack.Destination.Transport);
        Assert.Equal(expected.ViaName(), Wire.Parse(ack.Bytes.ToArray()).TopVia!.Transport);
    }

    [Theory]
    [InlineData(SipTransport.Tcp)]
    [InlineData(SipTransport.Udp)]
    public void A_call_on_a_flow_stays_on_it_whatever_the_contact_says(SipTransport transport)
    {
        var (bench, invite) = OnFlow(Flow(transport));
        bench.Send(Wire.Response(invite, 200, "b", "Contact: <sip:phone@10.0.0.7:5060>\n", Wire.Sdp()));
        bench.Agent.Acknowledge("a", bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var ack));
        Assert.Equal(Flow(transport), ack.Destination);
    }

    [Fact]
    public void A_large_request_to_a_phone_on_a_flow_stays_on_it()
    {
        var bench = new Bench(Options);
        var attempt = InviteAttempt.Create("a", "sip:+1@192.0.2.1", "sip:+2@192.0.2.2", Flow(SipTransport.Udp), "192.0.2.1:5060");
        bench.Agent.Invite(attempt, new byte[1_400], null, bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var invite));
        Assert.Equal((Flow(SipTransport.Udp), false), (invite.Destination, invite.IsForSize));
    }

    [Theory]
    [InlineData(SipTransport.Tcp, "")]
    [InlineData(SipTransport.Udp, ";rport")]
    [InlineData(SipTransport.Udp, "")]
    public void A_phone_whose_NAT_has_moved_it_is_answered_where_it_speaks_from_unless_it_listens_elsewhere(SipTransport transport, string via)
    {
        var (bench, invite) = OnFlow(Flow(transport));
        bench.Send(Wire.Response(invite, 200, "b", "Contact: <sip:phone@10.0.0.7:5060>\n", Wire.Sdp()));
        bench.Agent.Acknowledge("a", bench.Now);
        bench.Sent();
        var moved = new Hop(transport, new IPEndPoint(Wire.Peer.Address, 50_456), Connection: transport == SipTransport.Udp ? 0 : 8);
        bench.Agent.Receive(Wire.InDialog(invite, "INFO", 1, branch: $"z9hG4bK-moved{via}"), moved, bench.Now);
        bench.Sent();
        bench.Agent.HangUp("a", HangUpReason.Normal, bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var bye));
        Assert.Equal(transport == SipTransport.Udp && via == "" ? Flow(transport) : moved with { IsFlow = true }, bye.Destination);
    }

    [Fact]
    public void A_large_INVITE_to_a_flow_over_UDP_stays_on_it()
    {
        var bench = new Bench(Options);
        var flow = Flow(SipTransport.Udp);
        bench.Agent.Invite(InviteAttempt.Create("large", "sip:+1@192.0.2.1", "sip:+2@192.0.2.2", flow, "192.0.2.1:5060"), new byte[1_400], null, bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var invite));
        Assert.Equal(flow, invite.Destination);
    }

    [Fact]
    public void Connections_of_live_calls_are_told_until_the_calls_have_ended()
    {
        var (bench, invite) = OnFlow(Flow(SipTransport.Tcp));
        bench.Send(Wire.Response(invite, 200, "b", "Contact: <sip:phone@10.0.0.7:5060>\n", Wire.Sdp()));
        bench.Agent.Acknowledge("a", bench.Now);
        Assert.Equal([(SipTransport.Tcp, Flow(SipTransport.Tcp).EndPoint)], bench.Agent.StreamsOfCalls());
        bench.Agent.HangUp("a", HangUpReason.Normal, bench.Now);
        Assert.Empty(bench.Agent.StreamsOfCalls());
    }

    static Hop Flow(SipTransport transport) =>
        new(transport, new IPEndPoint(Wire.Peer.Address, 50_123), Connection: transport == SipTransport.Udp ? 0 : 7, IsFlow: true);

    static (Bench Bench, SipMessage Invite) OnFlow(Hop flow)
    {
        Assert.True(Target.TryParse(flow.ToString(), out var target));
        Assert.Equal((true, flow), (target.TryHop(out var read), read));
        var bench = Calling(flow);
        Assert.True(bench.Agent.TryTransmit(out var invite));
        Assert.Equal(flow, invite.Destination);
        return (bench, Wire.Parse(invite.Bytes.ToArray()));
    }

    [Fact]
    public void A_stream_without_content_length_gets_400_and_a_message_that_is_too_large_513()
    {
        var bench = new Bench(Options);
        var head = Wire.Request("OPTIONS");
        bench.Agent.RefuseFrame(head, FrameFault.NoContentLength, Tcp, bench.Now);
        bench.Agent.RefuseFrame(head, FrameFault.TooLarge, Tcp, bench.Now);
        bench.Agent.RefuseFrame("nonsense"u8, FrameFault.Garbage, Tcp, bench.Now);
        Assert.Equal(["400 OPTIONS", "513 OPTIONS"], bench.SentNames());
    }
}
