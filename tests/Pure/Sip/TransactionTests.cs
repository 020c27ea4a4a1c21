using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>RFC 3261 section 17 state by state, seen from outside: what is sent when, and when it is over.</summary>
public sealed class TransactionTests
{
    [Fact]
    public void Timer_A_doubles_and_timer_B_gives_up()
    {
        var bench = new Bench();
        bench.Invite();
        foreach (var wait in (double[])[0.5, 1, 2, 4, 8, 16])
        {
            bench.Pass(wait - 0.001);
            Assert.Empty(bench.Sent());
            bench.Pass(0.001);
            Assert.Equal(["INVITE"], bench.SentNames());
        }
        bench.Pass(0.499);
        Assert.Empty(bench.Events());
        bench.Pass(0.001);
        Assert.Equal((408, RefusedBy.Timeout), bench.Event<Refused>() is var refused ? (refused.Code, refused.Source) : default);
        Assert.Equal(0, bench.Agent.Transactions);
        bench.AssertEmpties();
    }

    [Fact]
    public void A_provisional_response_stops_the_retransmission_of_INVITE()
    {
        var bench = new Bench();
        bench.Send(Wire.Response(bench.Invite(), 100));
        bench.Pass(100);
        Assert.Empty(bench.Sent());
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void A_repeated_failure_gets_the_same_ACK_until_timer_D()
    {
        var bench = new Bench();
        var invite = bench.Invite();
        var busy = Wire.Response(invite, 486, "b", "Reason: Q.850;cause=17\nRetry-After: 18000;duration=3600\n");
        bench.Send(busy);
        var ack = bench.SentOne();
        Assert.Equal((SipMethod.Ack, 1, "b", invite.TopVia!.Branch), (ack.Method, ack.CSeq!.Number, ack.To!.Tag, ack.TopVia!.Branch));
        var refused = bench.Event<Refused>();
        Assert.Equal((486, 17, TimeSpan.FromHours(5)), (refused.Code, refused.Q850, refused.RetryAfter));
        bench.Pass(31.9);
        bench.Send(busy);
        Assert.Equal(["ACK"], bench.SentNames());
        bench.Pass(0.2);
        Assert.Equal(Disposition.StrayResponse, bench.Send(busy).Disposition);
        Assert.Empty(bench.Sent());
        Assert.Empty(bench.Events());
        bench.AssertEmpties();
    }

    [Fact]
    public void Timer_M_keeps_the_transaction_for_repeated_answers()
    {
        var bench = new Bench();
        var (invite, ack) = bench.Establish();
        Assert.NotEqual(invite.TopVia!.Branch, ack.TopVia!.Branch);
        var answer = Wire.Response(invite, 200, "b", "Contact: <sip:phone@192.0.2.2>\n", Wire.Sdp());
        bench.Pass(31.9);
        bench.Send(answer);
        Assert.Equal(ack.TopVia.Branch, bench.SentOne().TopVia!.Branch);
        bench.Pass(0.2);
        Assert.Equal(Disposition.StrayResponse, bench.Send(answer).Disposition);
        Assert.Equal((1, 0, 1), (bench.Agent.Calls, bench.Agent.Transactions, bench.Agent.Dialogs));
    }

    [Fact]
    public void Timer_E_doubles_up_to_T2_and_timer_F_gives_up()
    {
        var bench = new Bench();
        bench.Establish();
        bench.Agent.HangUp("attempt-1", HangUpReason.Normal, bench.Now);
        Assert.Equal(["BYE"], bench.SentNames());
        foreach (var wait in (double[])[0.5, 1, 2, 4, 4, 4, 4, 4, 4, 4])
        {
            bench.Pass(wait - 0.001);
            Assert.Empty(bench.Sent());
            bench.Pass(0.001);
            Assert.Equal(["BYE"], bench.SentNames());
        }
        bench.Pass(1);
        Assert.Empty(bench.Sent());
        bench.AssertEmpties();
    }

    [Fact]
    public void Timer_E_runs_at_T2_after_a_provisional_and_timer_K_absorbs()
    {
        var bench = new Bench();
        bench.Establish();
        bench.Pass(40); // timer M is over
        bench.Agent.HangUp("attempt-1", HangUpReason.Normal, bench.Now);
        var bye = bench.SentOne();
        bench.Send(Wire.Response(bye, 100));
        bench.Pass(0.5);
        Assert.Equal(["BYE"], bench.SentNames());
        bench.Pass(3.9);
        Assert.Empty(bench.Sent());
        bench.Pass(0.1);
        Assert.Equal(["BYE"], bench.SentNames());
        bench.Send(Wire.Response(bye, 200));
        bench.Send(Wire.Response(bye, 200));
        bench.Pass(4.99);
        Assert.Equal((1, 1), (bench.Agent.Transactions, bench.Agent.Calls));
        bench.Pass(0.01);
        Assert.Equal((0, 0), (bench.Agent.Transactions, bench.Agent.Calls));
    }

    [Fact]
    public void One_hundred_goes_out_after_200_ms_and_repeated_INVITEs_get_the_last_response()
    {
        var bench = new Bench();
        var invite = Wire.Request("INVITE", body: Wire.Sdp());
        bench.Send(invite);
        bench.Pass(0.199);
        Assert.Empty(bench.Sent());
        bench.Pass(0.001);
        Assert.Equal(["100 INVITE"], bench.SentNames());
        bench.Send(invite);
        Assert.Equal(["100 INVITE"], bench.SentNames());
        bench.Agent.Ring(bench.Event<IncomingCall>().CallKey, 180, default, bench.Now);
        bench.Send(invite);
        Assert.Equal(["180 INVITE", "180 INVITE"], bench.SentNames());
        Assert.Empty(bench.Events());
    }

    [Fact]
    public void Timer_G_repeats_a_failure_and_timer_H_gives_up()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", body: Wire.Sdp()));
        bench.Agent.Reject(bench.Event<IncomingCall>().CallKey, 486, bench.Now);
        bench.Sent();
        foreach (var wait in (double[])[0.5, 1, 2, 4, 4, 4, 4, 4, 4, 4])
        {
            bench.Pass(wait);
            Assert.Equal(["486 INVITE"], bench.SentNames());
        }
        bench.Pass(0.5);
        Assert.Equal((0, 0), (bench.Agent.Transactions, bench.Agent.Calls));
        bench.AssertEmpties();
    }

    [Fact]
    public void The_ACK_of_a_failure_stops_timer_G_and_timer_I_absorbs_more()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", body: Wire.Sdp()));
        bench.Agent.Reject(bench.Event<IncomingCall>().CallKey, 486, bench.Now);
        var tag = bench.SentOne().To!.Tag;
        bench.Send(Wire.Request("ACK", toTag: tag));
        Assert.Equal(Disposition.Taken, bench.Send(Wire.Request("ACK", toTag: tag)).Disposition);
        bench.Pass(4.99);
        Assert.Empty(bench.Sent());
        Assert.Equal(1, bench.Agent.Transactions);
        bench.Pass(0.01);
        Assert.Equal(0, bench.Agent.Transactions);
    }

    [Fact]
    public void An_answer_is_repeated_until_its_ACK_and_timer_L_absorbs_INVITEs()
    {
        var bench = new Bench();
        var invite = Wire.Request("INVITE", body: Wire.Sdp());
        bench.Send(invite);
        var key = bench.Event<IncomingCall>().CallKey;
        bench.Agent.Answer(key, Wire.Audio().Offer(), bench.Now);
        var tag = bench.SentOne().To!.Tag;
        foreach (var wait in (double[])[0.5, 1, 2, 4, 4])
        {
            bench.Pass(wait);
            Assert.Equal(["200 INVITE"], bench.SentNames());
        }
        bench.Send(Wire.Request("ACK", toTag: tag, branch: "z9hG4bK-ack"));
        bench.Event<Confirmed>();
        bench.Send(invite);
        bench.Pass(20);
        Assert.Empty(bench.Sent());
        Assert.Equal(1, bench.Agent.Transactions);
        bench.Pass(1);
        Assert.Equal((1, 0), (bench.Agent.Calls, bench.Agent.Transactions));
    }

    [Fact]
    public void An_answer_without_ACK_ends_with_BYE()
    {
        var bench = new Bench();
        bench.Send(Wire.Request("INVITE", body: Wire.Sdp()));
        bench.Agent.Answer(bench.Event<IncomingCall>().CallKey, Wire.Audio().Offer(), bench.Now);
        bench.Pass(31.9);
        bench.Sent();
        bench.Pass(0.1);
        Assert.Equal(["BYE"], bench.SentNames());
        Assert.Equal(EndCause.NoAck, bench.Event<Ended>().Cause);
        bench.AssertEmpties();
    }

    [Fact]
    public void Timer_J_answers_a_repeated_BYE_with_the_same_response()
    {
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        var bye = Wire.Request("BYE", fromTag: "b", toTag: invite.From!.Tag, callId: invite.CallId, headers: "Reason: Q.850;cause=16, SIP;cause=200\n");
        bench.Send(bye);
        bench.Send(bye);
        Assert.Equal(["200 BYE", "200 BYE"], bench.SentNames());
        var hungUp = bench.Event<RemoteHungUp>();
        Assert.Equal((16, 200), (hungUp.Q850, hungUp.SipCode));
        bench.Pass(31.9);
        bench.Send(bye);
        Assert.Equal(["200 BYE"], bench.SentNames());
        bench.AssertEmpties();
        bench.Send(bye);
        Assert.Equal(["481 BYE"], bench.SentNames());
    }

    [Fact]
    public void Requests_of_RFC_2543_elements_are_matched_without_a_branch()
    {
        var bench = new Bench();
        var invite = Wire.Request("INVITE", branch: "old", body: Wire.Sdp());
        bench.Send(invite);
        bench.Send(invite);
        bench.Event<IncomingCall>();
        bench.Send(Wire.Request("CANCEL", branch: "old"));
        Assert.Equal(["100 INVITE", "200 CANCEL", "487 INVITE"], bench.SentNames());
        bench.Event<Canceled>();
    }

    [Fact]
    public void The_heap_fires_in_order_and_forgets_what_was_cancelled()
    {
        var random = new Random(7);
        var heap = new TimerHeap();
        var fired = new List<TimeSpan>();
        var timers = Enumerable.Range(0, 2_000).Select(_ => (SipTimer)null!).ToArray();
        for (var i = 0; i < timers.Length; i++)
        {
            SipTimer timer = null!;
            timer = new SipTimer(_ => fired.Add(timer.Due));
            timers[i] = timer;
            heap.Set(timer, TimeSpan.FromMilliseconds(random.Next(1_000)));
        }
        foreach (var timer in timers.Where(_ => random.Next(2) == 0)) heap.Cancel(timer);
        foreach (var timer in timers.Where(t => t.IsRunning && random.Next(3) == 0)) heap.Set(timer, TimeSpan.FromMilliseconds(random.Next(1_000)));
        var running = heap.Count;
        for (var ms = 0; ms <= 1_000; ms += 100) heap.Fire(TimeSpan.FromMilliseconds(ms));
        Assert.Equal((running, 0), (fired.Count, heap.Count));
        Assert.Equal(fired.Order(), fired);
    }
}
