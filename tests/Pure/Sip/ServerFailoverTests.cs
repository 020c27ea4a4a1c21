using System.Net;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>RFC 3263 section 4.3 in the user agent: which server is tried when, and what becomes of the ones before.</summary>
public sealed class ServerFailoverTests
{
    static readonly IPEndPoint First = new(IPAddress.Parse("192.0.2.11"), 5060), Second = new(IPAddress.Parse("192.0.2.12"), 5060);
    static readonly Server[] Both = [new(SipTransport.Udp, First, 1), new(SipTransport.Udp, Second, 2)];

    static void Invite(Bench bench, string id = "a") => bench.Agent.Invite(Bench.Attempt(id) with { Target = "carrier.test" }, Wire.Audio().Offer(), null, bench.Now);

    static Target Question(Bench bench)
    {
        Assert.True(bench.Agent.TryQuestion(out var target));
        Assert.False(bench.Agent.TryQuestion(out _));
        return target;
    }

    static Bench Located(params Server[] servers)
    {
        var bench = new Bench();
        Invite(bench);
        Assert.Empty(bench.Sent());
        bench.Agent.Located(Question(bench), servers, TimeSpan.FromSeconds(60), bench.Now);
        return bench;
    }

    static (IPEndPoint To, SipMessage Message) Next(Bench bench)
    {
        Assert.True(bench.Agent.TryTransmit(out var transmit));
        return (transmit.Destination.EndPoint, Wire.Parse(transmit.Bytes.ToArray()));
    }

    [Fact]
    public void After_silence_the_next_server_is_tried_with_another_branch_and_a_late_answer_of_the_first_is_hung_up_on()
    {
        var bench = Located(Both);
        var (to, first) = Next(bench);
        Assert.Equal(First, to);
        bench.Pass(5);
        var second = bench.Sent()[^1];
        bench.Pass(4);
        Assert.All(bench.Sent(), again => Assert.Equal(second.TopVia!.Branch, again.TopVia!.Branch)); // who was given up is not asked again
        Assert.NotEqual(first.TopVia!.Branch, second.TopVia!.Branch);
        Assert.Equal((first.CallId, first.CSeq!.Number + 1), (second.CallId, second.CSeq!.Number));
        bench.Send(Wire.Response(first, 200, "late", "Contact: <sip:late@192.0.2.11>\n", Wire.Sdp()), First);
        Assert.Equal(["ACK", "BYE"], bench.SentNames());
        bench.Send(Wire.Response(second, 200, "good", "Contact: <sip:good@192.0.2.12>\n", Wire.Sdp()), Second);
        Assert.Equal("good", bench.Event<Answered>().Dialog.RemoteTag);
        bench.Agent.HangUp("a", HangUpReason.Normal, bench.Now);
        bench.Events();
        bench.AssertEmpties();
    }

    [Fact]
    public void A_server_that_was_given_up_and_rings_late_is_canceled()
    {
        var bench = Located(Both);
        var (_, first) = Next(bench);
        bench.Pass(5);
        bench.Sent();
        bench.Send(Wire.Response(first, 180, "late"), First);
        bench.Send(Wire.Response(first, 180, "late"), First);
        Assert.Equal(["CANCEL"], bench.SentNames());
    }

    [Fact]
    public void After_503_the_next_server_is_tried_and_a_person_s_own_answer_is_final()
    {
        var bench = Located(Both);
        bench.Send(Wire.Response(Next(bench).Message, 503, "b"), First);
        var sent = bench.Sent();
        Assert.Equal(["ACK", "INVITE"], sent.Select(m => m.MethodName));
        bench.Send(Wire.Response(sent[1], 486, "b"), Second);
        Assert.Equal(486, bench.Event<Refused>().Code);
        Invite(bench, "b"); // the failed one comes last now, and nothing is asked again
        bench.Sent();
        bench.Agent.HangUp("b", HangUpReason.Normal, bench.Now);
        bench.Pass(70);
    }

    [Fact]
    public void A_server_that_failed_is_tried_last_for_a_while()
    {
        var bench = Located(Both);
        bench.Send(Wire.Response(Next(bench).Message, 503, "b"), First);
        bench.Sent();
        Invite(bench, "b");
        Assert.Equal(Second, Next(bench).To);
        bench.Pass(40);
        bench.Sent();
        Invite(bench, "c");
        Assert.Equal(First, Next(bench).To);
    }

    [Fact]
    public void A_ringing_phone_is_not_left_for_another_server()
    {
        var bench = Located(Both);
        var (_, invite) = Next(bench);
        bench.Send(Wire.Response(invite, 180, "b"), First);
        bench.Send(Wire.Response(invite, 503, "b"), First);
        Assert.Equal(["ACK"], bench.SentNames());
        Assert.Equal([typeof(Ringing), typeof(Refused)], bench.Events().Select(e => e.GetType()));
    }

    [Fact]
    public void A_name_without_servers_fails_the_call_and_one_that_nobody_answers_for_too()
    {
        Assert.Equal((503, RefusedBy.Transport), Located().Event<Refused>() is var r ? (r.Code, r.Source) : default);
        var bench = new Bench();
        Invite(bench);
        bench.Pass(4.1);
        Assert.Equal(503, bench.Event<Refused>().Code);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_call_hung_up_while_its_name_is_looked_up_sends_nothing()
    {
        var bench = new Bench();
        Invite(bench);
        bench.Agent.HangUp("a", HangUpReason.Normal, bench.Now);
        bench.Agent.Located(Question(bench), Both, TimeSpan.FromSeconds(60), bench.Now);
        Assert.Empty(bench.Sent());
        bench.Event<Ended>();
        bench.AssertEmpties();
    }

    [Fact]
    public void Records_are_asked_for_again_when_their_life_is_over_and_kept_while_nobody_answers()
    {
        var bench = Located(Both);
        bench.Pass(61);
        bench.Events();
        bench.Sent();
        Invite(bench, "b");
        Assert.Empty(bench.Sent());
        bench.Agent.Located(Question(bench), [], TimeSpan.Zero, bench.Now);
        Assert.Equal("INVITE", bench.SentOne().MethodName);
    }

    [Fact]
    public void Look_ups_and_names_are_bounded()
    {
        var bench = new Bench(Bench.Options with { MaxWaitingForNames = 3, MaxNames = 8 });
        for (var i = 0; i < 5; i++) bench.Agent.Invite(Bench.Attempt($"{i}") with { Target = $"n{i}.test" }, Wire.Audio().Offer(), null, bench.Now);
        Assert.Equal(2, bench.Events().Count(e => e is Refused { Code: 503 }));
        bench.Pass(70);
        for (var i = 0; i < 100; i++)
        {
            bench.Agent.Invite(Bench.Attempt($"x{i}") with { Target = $"x{i}.test" }, Wire.Audio().Offer(), null, bench.Now);
            while (bench.Agent.TryQuestion(out var target)) bench.Agent.Located(target, [], TimeSpan.Zero, bench.Now);
        }
        bench.Events();
        bench.AssertEmpties();
    }

    [Fact]
    public void Strangers_above_their_rate_get_silence_and_known_ones_answers()
    {
        var bench = new Bench(Bench.Options with { StrangerRate = 2, StrangerBurst = 4, MaxStrangers = 2, IsKnown = a => a.Equals(Wire.Peer.Address) });
        int Answers(string address, int requests) => Enumerable.Range(0, requests).Count(i =>
        {
            bench.Send(Wire.Request("OPTIONS", branch: $"z9hG4bK{address}{i}{bench.Now.Ticks}"), new IPEndPoint(IPAddress.Parse(address), 5060));
            return bench.Sent().Count == 1;
        });
        Assert.Equal(4, Answers("198.51.100.1", 50));
        Assert.Equal(50, Answers("192.0.2.2", 50));
        bench.Pass(1);
        Assert.Equal(2, Answers("198.51.100.1", 50));
        Assert.Equal(4, Answers("2001:db8::1", 2) + Answers("2001:db8::2", 50)); // one /64
        Assert.Equal(0, Answers("198.51.100.3", 1)); // the table is full of busy ones
        bench.Pass(5);
        Assert.Equal(1, Answers("198.51.100.3", 1));
    }
}
