using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

public sealed class AnsweringTests
{
    static (Bench Bench, string Key) Called(string headers = "", byte[]? body = null)
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", headers: headers, body: body ?? Wire.Sdp()));
        return (bench, bench.Event<IncomingCall>().CallKey);
    }

    [Fact]
    public void A_call_is_answered_confirmed_and_hung_up()
    {
        var (bench, key) = Called("Record-Route: <sip:192.0.2.50;lr>\n");
        bench.Agent.Ring(key, 180, default, bench.Now);
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        var sent = bench.Sent();
        Assert.Equal([180, 200], sent.Select(m => m.StatusCode));
        Assert.Equal(sent[0].To!.Tag, sent[1].To!.Tag);
        Assert.All(sent, m => Assert.Equal("<sip:192.0.2.50;lr>", m.Text(HeaderId.RecordRoute)));
        Assert.Equal("<sip:192.0.2.1:5060>", sent[1].Text(HeaderId.Contact));
        bench.Send(Wire.Request("ACK", toTag: sent[1].To!.Tag, branch: "z9hG4bK-2"));
        Assert.Equal("peer", bench.Event<Confirmed>().Dialog.RemoteTag);
        bench.Agent.HangUp(key, HangUpReason.Normal, bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var transmit));
        Assert.Equal("192.0.2.50:5060", transmit.Destination.ToString());
        Assert.Equal(EndCause.HungUp, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void No_BYE_leaves_before_the_ACK()
    {
        var (bench, key) = Called();
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        var tag = bench.SentOne().To!.Tag;
        bench.Agent.HangUp(key, HangUpReason.Normal, bench.Now);
        Assert.Empty(bench.Sent());
        bench.Send(Wire.Request("ACK", toTag: tag, branch: "z9hG4bK-2"));
        Assert.Equal(["BYE"], bench.SentNames());
        Assert.Equal([typeof(Confirmed), typeof(Ended)], bench.Events().Select(e => e.GetType()));
        bench.AssertEmpties();
    }

    [Fact]
    public void CANCEL_gets_200_and_the_INVITE_487()
    {
        var (bench, key) = Called();
        bench.Send(Wire.Request("CANCEL", headers: "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\n"));
        Assert.Equal(["200 CANCEL", "487 INVITE"], bench.SentNames());
        Assert.Equal((key, 200), bench.Event<Canceled>() is var c ? (c.CallKey, c.SipCode) : default);
        Assert.Equal(CommandResult.WrongState, bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now));
        bench.AssertEmpties();
    }

    [Fact]
    public void CANCEL_after_the_answer_changes_nothing_and_of_nothing_gets_481()
    {
        var (bench, key) = Called();
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        bench.Sent();
        bench.Send(Wire.Request("CANCEL"));
        bench.Send(Wire.Request("CANCEL", branch: "z9hG4bK-other"));
        Assert.Equal(["200 CANCEL", "481 CANCEL"], bench.SentNames());
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void BYE_in_an_early_dialog_is_a_cancellation()
    {
        var (bench, key) = Called();
        bench.Agent.Ring(key, 180, default, bench.Now);
        bench.Send(Wire.Request("BYE", toTag: bench.SentOne().To!.Tag, cseq: 2, branch: "z9hG4bK-2"));
        Assert.Equal(["200 BYE", "487 INVITE"], bench.SentNames());
        bench.Event<Canceled>();
        bench.AssertEmpties();
    }

    [Fact]
    public void An_INVITE_without_offer_is_answered_with_one()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE"));
        bench.Agent.Answer(bench.Event<IncomingCall>().CallKey, Wire.Audio().Offer(), bench.Now);
        bench.Send(Wire.Request("ACK", toTag: bench.SentOne().To!.Tag, branch: "z9hG4bK-2", body: Wire.Sdp()));
        Assert.Equal(Wire.Sdp(), bench.Event<Confirmed>().Sdp.ToArray());
    }

    [Fact]
    public void A_rejection_carries_its_headers_and_hanging_up_a_ringing_call_rejects_it()
    {
        var (bench, key) = Called();
        bench.Agent.Reject(key, 503, bench.Now, new HeaderLine(HeaderId.RetryAfter, "9"));
        Assert.Equal("9", bench.SentOne().Text(HeaderId.RetryAfter));
        Assert.Equal(EndCause.Rejected, bench.Event<Ended>().Cause);
        (bench, key) = Called();
        bench.Agent.HangUp(key, new HangUpReason(SipCode: 486, Q850: 17), bench.Now);
        Assert.Equal(["486 INVITE"], bench.SentNames());
        bench.AssertEmpties();
    }

    [Fact]
    public void The_same_INVITE_by_another_path_is_a_loop()
    {
        var (bench, _) = Called();
        bench.Send(Wire.Request("INVITE", branch: "z9hG4bK-2", body: Wire.Sdp()));
        Assert.Equal(["482 INVITE"], bench.SentNames());
    }

    [Fact]
    public void Without_phones_a_call_is_refused_and_leaves_no_trace()
    {
        var bench = new Bench(Bench.Options with { AcceptsCalls = false });
        var invite = Wire.Request("INVITE", body: Wire.Sdp());
        bench.Send(invite);
        bench.Send(invite);
        var sent = bench.Sent();
        Assert.Equal([603, 603], sent.Select(m => m.StatusCode));
        Assert.Equal(sent[0].To!.Tag, sent[1].To!.Tag);
        Assert.Equal(Disposition.StrayAck, bench.Send(Wire.Request("ACK", toTag: sent[0].To!.Tag)).Disposition);
        Assert.Equal(0, bench.Agent.Transactions);
    }

    [Theory]
    [InlineData("OPTIONS", "", "", "sip:us@192.0.2.1", 200, HeaderId.Allow)]
    [InlineData("OPTIONS", "nobody", "", "sip:us@192.0.2.1", 481, HeaderId.Via)]
    [InlineData("BYE", "nobody", "", "sip:us@192.0.2.1", 481, HeaderId.Via)]
    [InlineData("BYE", "", "", "sip:us@192.0.2.1", 481, HeaderId.Via)]
    [InlineData("INVITE", "nobody", "", "sip:us@192.0.2.1", 481, HeaderId.Via)]
    [InlineData("INFO", "", "", "sip:us@192.0.2.1", 481, HeaderId.Via)]
    [InlineData("REGISTER", "", "", "sip:192.0.2.1", 405, HeaderId.Allow)]
    [InlineData("MESSAGE", "", "", "sip:us@192.0.2.1", 405, HeaderId.Allow)]
    [InlineData("FROB", "", "", "sip:us@192.0.2.1", 501, HeaderId.Allow)]
    [InlineData("INVITE", "", "Require: 100rel, replaces\n", "sip:us@192.0.2.1", 420, HeaderId.Unsupported)]
    [InlineData("INVITE", "", "", "tel:+43222", 416, HeaderId.Via)]
    [InlineData("INVITE", "", "", "sip:us@192.0.2.1:99999", 400, HeaderId.Via)]
    [InlineData("INVITE", "", "Content-Type: text/plain\n", "sip:us@192.0.2.1", 415, HeaderId.Accept)]
    [InlineData("INVITE", "", "Content-Encoding: gzip\n", "sip:us@192.0.2.1", 415, HeaderId.AcceptEncoding)]
    public void Each_request_that_belongs_to_nothing_gets_its_response(
        string method, string toTag, string headers, string uri, int code, HeaderId header)
    {
        var bench = new Bench();
        bench.Send(Wire.Request(method, toTag: toTag, headers: headers, uri: uri, body: method == "INVITE" ? Wire.Sdp() : null));
        var response = bench.SentOne();
        Assert.Equal(code, response.StatusCode);
        Assert.True(response.Has(header));
        Assert.NotEqual("", response.To!.Tag);
        Assert.Empty(bench.Events());
        Assert.Equal(0, bench.Agent.Transactions);
    }

    [Fact]
    public void A_bad_offer_gets_488_and_a_bad_request_400_or_505_or_silence()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", body: Wire.Bytes("no sdp at all\n")));
        Assert.Equal(["488 INVITE"], bench.SentNames());
        string Text() => System.Text.Encoding.UTF8.GetString(Wire.Request("OPTIONS"));
        void Send(string from, string to) => bench.Send(System.Text.Encoding.UTF8.GetBytes(Text().Replace(from, to, StringComparison.Ordinal)));
        Send("Content-Length: 0", "Content-Length: 7");
        Send("1 OPTIONS", "1 INVITE");
        Send("SIP/2.0\r\nVia", "SIP/3.0\r\nVia");
        Assert.Equal([400, 400, 505], bench.Sent().Select(m => m.StatusCode));
        Send("Call-ID: c1", "X: c1");
        Send("Via: SIP/2.0/UDP", "Via: what");
        Assert.Equal(["400 OPTIONS", "400 OPTIONS"], bench.Refusals());
        Send("Via: SIP/2.0/UDP", "X: what");
        var ack = System.Text.Encoding.UTF8.GetString(Wire.Request("ACK")).Replace("Content-Length: 0", "Content-Length: 7", StringComparison.Ordinal);
        bench.Send(System.Text.Encoding.UTF8.GetBytes(ack));
        Assert.Empty(bench.Sent());
    }

    [Fact]
    public void Responses_go_where_the_request_came_from()
    {
        var bench = new Bench();
        var source = new System.Net.IPEndPoint(System.Net.IPAddress.Parse("198.51.100.9"), 40_000);
        bench.Send(Wire.Request("OPTIONS"), source);
        Assert.True(bench.Agent.TryTransmit(out var plain));
        Assert.Equal("198.51.100.9:5060", plain.Destination.ToString());
        Assert.Equal("198.51.100.9", Wire.Parse(plain.Bytes.ToArray()).TopVia!.Received);
        bench.Send(Wire.Request("OPTIONS", branch: "z9hG4bK-1;rport"), source);
        Assert.True(bench.Agent.TryTransmit(out var symmetric));
        Assert.Equal("198.51.100.9:40000", symmetric.Destination.ToString());
        Assert.Equal("40000", Wire.Parse(symmetric.Bytes.ToArray()).TopVia!.Parameters["rport"]);
    }

    [Theory]
    [InlineData(";maddr=192.0.2.99", "192.0.2.99:5060")]
    [InlineData(";maddr=192.0.2.99;rport", "192.0.2.99:5060")]
    [InlineData(";maddr=elsewhere.test", "198.51.100.9:5060")]
    [InlineData(";maddr=[2001:db8::1]", "198.51.100.9:5060")]
    public void Via_may_name_another_address_for_responses(string parameter, string expected)
    {
        var bench = new Bench();
        bench.Send(Wire.Request("OPTIONS", branch: $"z9hG4bK-1{parameter}"), new System.Net.IPEndPoint(System.Net.IPAddress.Parse("198.51.100.9"), 40_000));
        Assert.True(bench.Agent.TryTransmit(out var answer));
        Assert.Equal(expected, answer.Destination.ToString());
    }

    [Fact]
    public void A_response_with_the_Via_of_somebody_else_behind_ours_is_passed_over()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        var answer = System.Text.Encoding.UTF8.GetString(Wire.Response(invite, 200, "b", "Contact: <sip:x@192.0.2.2>\n", Wire.Sdp()));
        var two = answer.Replace("From:", "Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKx\r\nFrom:", StringComparison.Ordinal);
        Assert.Equal(Disposition.StrayResponse, bench.Send(System.Text.Encoding.UTF8.GetBytes(two)).Disposition);
        Assert.Empty(bench.Events());
        Assert.Equal(Disposition.Taken, bench.Send(System.Text.Encoding.UTF8.GetBytes(answer)).Disposition);
    }

    [Theory]
    [InlineData("Timestamp: 54.21\n", "54.21 0.2")]
    [InlineData("Timestamp: 54 0.5\n", "54 0.2")]
    [InlineData("Timestamp: x\n", "")]
    [InlineData("", "")]
    public void A_100_gives_the_time_of_its_request_back(string line, string expected)
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", headers: line, body: Wire.Sdp()));
        bench.Pass(0.2);
        var trying = bench.SentOne();
        Assert.Equal((100, expected), (trying.StatusCode, trying.Text(HeaderId.Timestamp)));
    }

    [Fact]
    public void An_INVITE_that_leads_to_a_name_rings_at_once_and_may_be_canceled_before_the_name_is_known()
    {
        var bench = new Bench();
        var invite = System.Text.Encoding.UTF8.GetString(Wire.Request("INVITE", body: Wire.Sdp()));
        bench.Send(System.Text.Encoding.UTF8.GetBytes(invite.Replace("Contact: <sip:peer@192.0.2.2>", "Contact: <sip:peer@desk.test>", StringComparison.Ordinal)));
        bench.Event<IncomingCall>();
        Assert.True(bench.Agent.TryQuestion(out var target));
        Assert.Equal("desk.test", target.Host.ToString());
        bench.Pass(0.2);
        Assert.Equal(["100 INVITE"], bench.SentNames());
        bench.Send(Wire.Request("CANCEL"));
        Assert.Equal(["200 CANCEL", "487 INVITE"], bench.SentNames());
        bench.Event<Canceled>();
        bench.AssertEmpties();
    }

    [Fact]
    public void What_we_say_in_a_call_goes_to_the_name_that_its_INVITE_led_to()
    {
        var bench = new Bench();
        var invite = System.Text.Encoding.UTF8.GetString(Wire.Request("INVITE", body: Wire.Sdp()));
        bench.Send(System.Text.Encoding.UTF8.GetBytes(invite.Replace("Contact: <sip:peer@192.0.2.2>", "Contact: <sip:peer@desk.test>", StringComparison.Ordinal)));
        var key = bench.Event<IncomingCall>().CallKey;
        Assert.True(bench.Agent.TryQuestion(out var target));
        bench.Agent.Located(target, [new(SipTransport.Udp, new(System.Net.IPAddress.Parse("192.0.2.88"), 5070))], TimeSpan.FromMinutes(1), bench.Now);
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        bench.Send(Wire.Request("ACK", toTag: bench.SentOne().To!.Tag, branch: "z9hG4bK-2"));
        bench.Agent.HangUp(key, HangUpReason.Normal, bench.Now);
        Assert.True(bench.Agent.TryTransmit(out var bye));
        Assert.Equal("192.0.2.88:5070", bye.Destination.ToString());
    }

    [Fact]
    public void An_INVITE_that_expires_before_it_is_answered_gets_487()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", headers: "Expires: 20\n", body: Wire.Sdp()));
        bench.Agent.Ring(bench.Event<IncomingCall>().CallKey, 180, default, bench.Now);
        bench.Pass(19.9);
        Assert.DoesNotContain("487 INVITE", bench.SentNames());
        bench.Pass(0.2);
        Assert.Contains("487 INVITE", bench.SentNames());
        Assert.Equal(EndCause.RingingLimit, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_stranger_may_always_take_its_own_call_back()
    {
        var bench = new Bench(Bench.Options with { StrangerRate = 0.001, StrangerBurst = 1 });
        bench.Send(Wire.Request("INVITE", body: Wire.Sdp()));
        bench.Event<IncomingCall>();
        Assert.Equal(Disposition.Limited, bench.Send(Wire.Request("CANCEL", branch: "z9hG4bK-of-nothing")).Disposition);
        bench.Send(Wire.Request("CANCEL"));
        Assert.Equal(["200 CANCEL", "487 INVITE"], bench.SentNames());
    }

    [Fact]
    public void INFO_and_unknown_methods_within_a_dialog()
    {
        var (bench, key) = Called();
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        var tag = bench.SentOne().To!.Tag;
        bench.Send(Wire.Request("ACK", toTag: tag, branch: "z9hG4bK-2"));
        bench.Send(Wire.Request("INFO", toTag: tag, cseq: 2, branch: "z9hG4bK-3"));
        bench.Send(Wire.Request("INFO", toTag: tag, cseq: 3, branch: "z9hG4bK-4", headers: "Info-Package: dtmf\n"));
        bench.Send(Wire.Request("UPDATE", toTag: tag, cseq: 4, branch: "z9hG4bK-5"));
        bench.Send(Wire.Request("FROB", toTag: tag, cseq: 5, branch: "z9hG4bK-6"));
        bench.Send(Wire.Request("OPTIONS", toTag: tag, cseq: 6, branch: "z9hG4bK-7"));
        Assert.Equal(["200 INFO", "469 INFO", "200 UPDATE", "501 FROB", "200 OPTIONS"], bench.SentNames());
    }
}
