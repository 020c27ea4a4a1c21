using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;

namespace OrleansCallback.Tests.Sipp;

/// <summary>The user agent on a real socket against SIPp as the phone: what a carrier's test department tries first.</summary>
public sealed class DialogScenarioTests
{
    const string Takes = "Allow: INVITE, ACK, BYE, UPDATE, PRACK";

    static async Task<(SippPhone Phone, TestCaller Caller)> StartAsync(SippScenario scenario, Func<UserAgentOptions, UserAgentOptions>? options = null)
    {
        var phone = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.2"), PhoneScript.Of(scenario));
        return (phone, new TestCaller(phone.Address, options));
    }

    [Fact]
    public async Task Reliable_ringing_is_acknowledged_and_its_description_is_the_answer()
    {
        var (phone, caller) = await StartAsync(new SippScenario("prack").Invited("100rel")
            .Answers(183, "b", sdp: true, "Require: 100rel", "RSeq: 7").Receives("PRACK", "7 1 INVITE", "RAck:").Replies(200)
            .Answers(180, "b", sdp: false, "Require: 100rel", "RSeq: 8").Receives("PRACK", "8 1 INVITE", "RAck:").Replies(200)
            .Answers(200, "b").Receives("ACK", "1 ACK").HungUp());
        await using var _ = phone;
        using var __ = caller;
        caller.Call();
        Assert.Equal(183, (await caller.NextAsync<Ringing>()).Code);
        Assert.Equal(180, (await caller.NextAsync<Ringing>()).Code);
        Assert.False((await caller.NextAsync<Answered>()).Sdp.IsEmpty);
        caller.HangUp();
        await caller.NextAsync<Ended>();
        await phone.FinishAsync();
    }

    [Fact]
    public async Task UPDATE_goes_both_ways()
    {
        var (phone, caller) = await StartAsync(new SippScenario("update").Invited()
            .Answers(200, "b", sdp: true, Takes).Receives("ACK")
            .Requests("UPDATE", 1, "b", "sendonly").Gets(200)
            .Requests("UPDATE", 2, "b").Gets(200)
            .Receives("UPDATE").Replies(200, sdp: true).HungUp());
        await using var _ = phone;
        using var __ = caller;
        caller.Call();
        await caller.AnsweredAsync();
        var held = await caller.NextAsync<MediaChanged>();
        Assert.Contains("a=recvonly", held.Dialog.LocalSdp, StringComparison.Ordinal);
        await phone.SeesAsync("the answer to a plain UPDATE", TimeSpan.FromSeconds(5), m => m.Received && m.Code == 200 && m.Header("CSeq") == "2 UPDATE");
        caller.Loop.TryUpdate(TestCaller.Key, TestCaller.Offer(30_010));
        Assert.Equal(200, (await caller.NextAsync<UpdateDone>()).Code);
        caller.HangUp();
        await phone.FinishAsync();
    }

    [Fact]
    public async Task A_session_is_refreshed_after_its_interval_was_agreed()
    {
        var (phone, caller) = await StartAsync(new SippScenario("timer").Invited("1800", "Session-Expires:")
            .Answers(422, "x", sdp: false, "Min-SE: 2000").Receives("ACK")
            .Invited("2000", "Session-Expires:").Answers(200, "b", sdp: true, Takes, "Session-Expires: 3;refresher=uac", "Require: timer").Receives("ACK")
            .Receives("UPDATE", "3;refresher=uac", "Session-Expires:").Replies(200, sdp: false, "Session-Expires: 2;refresher=uas")
            .HungUp("SIP;cause=408"));
        await using var _ = phone;
        using var __ = caller;
        caller.Call();
        await caller.AnsweredAsync();
        Assert.Equal(EndCause.SessionExpired, (await caller.NextAsync<Ended>()).Cause); // from now on it was the phone's to refresh
        await phone.FinishAsync();
    }

    [Fact]
    public async Task The_phone_holds_resumes_without_an_offer_and_moves()
    {
        var (phone, caller) = await StartAsync(new SippScenario("hold").Invited().Answers(200, "b", sdp: true).Receives("ACK")
            .Requests("INVITE", 1, "b", "sendonly").Gets(200).Requests("ACK", 1, "b")
            .Requests("INVITE", 2, "b").Gets(200, "application/sdp", "Content-Type:").Requests("ACK", 2, "b", "sendrecv")
            .Requests("INFO", 1, "b").Gets(500).HungUp());
        await using var _ = phone;
        using var __ = caller;
        caller.Call();
        await caller.AnsweredAsync();
        Assert.Contains("a=recvonly", (await caller.NextAsync<MediaChanged>()).Dialog.LocalSdp, StringComparison.Ordinal);
        Assert.Contains("a=sendrecv", (await caller.NextAsync<MediaChanged>()).Dialog.LocalSdp, StringComparison.Ordinal);
        await phone.SeesAsync("500 for an old CSeq", TimeSpan.FromSeconds(5), m => m.Received && m.Code == 500);
        caller.HangUp();
        await phone.FinishAsync();
    }

    [Fact]
    public async Task Of_two_phones_that_answer_the_second_gets_ACK_and_BYE()
    {
        var (phone, caller) = await StartAsync(new SippScenario("fork").Invited()
            .Answers(180, "a").Answers(180, "b").Answers(200, "a", sdp: true).Receives("ACK", "tag=a", "To:")
            .Answers(200, "b", sdp: true).Receives("ACK", "tag=b", "To:").Receives("BYE", "tag=b", "To:").Replies(200)
            .Answers(200, "a", sdp: true).Receives("ACK", "tag=a", "To:").HungUp());
        await using var _ = phone;
        using var __ = caller;
        caller.Call();
        Assert.Equal("a", (await caller.NextAsync<Ringing>()).RemoteTag);
        Assert.Equal("b", (await caller.NextAsync<Ringing>()).RemoteTag);
        Assert.Equal("a", (await caller.NextAsync<Answered>()).Dialog.RemoteTag);
        await phone.SeesAsync("the third ACK", TimeSpan.FromSeconds(5), m => phone.Messages.Count(a => a.Received && a.Method == "ACK") == 3);
        caller.HangUp();
        await phone.FinishAsync();
    }

    [Fact]
    public async Task An_answer_after_487_gets_ACK_and_BYE()
    {
        var (phone, caller) = await StartAsync(new SippScenario("late").Invited().Answers(180, "a")
            .Receives("CANCEL", "Q.850;cause=16", "Reason:").Replies(200).Answers(487, "a").Receives("ACK")
            .Answers(200, "b", sdp: true).Receives("ACK", "tag=b", "To:").Receives("BYE", "tag=b", "To:").Replies(200));
        await using var _ = phone;
        using var __ = caller;
        caller.Call();
        await caller.NextAsync<Ringing>();
        caller.HangUp();
        Assert.Equal(EndCause.HungUp, (await caller.NextAsync<Ended>()).Cause);
        await phone.FinishAsync();
    }

    [Fact]
    public async Task After_a_glare_the_phone_goes_first_and_we_try_again()
    {
        var (phone, caller) = await StartAsync(new SippScenario("glare").Invited().Answers(200, "b", sdp: true).Receives("ACK")
            .Receives("INVITE").Replies(491).Receives("ACK")
            .Requests("INVITE", 1, "b", "sendrecv").Gets(200).Requests("ACK", 1, "b")
            .Receives("INVITE").Replies(200, sdp: true).Receives("ACK").HungUp());
        await using var _ = phone;
        using var __ = caller;
        caller.Call();
        await caller.AnsweredAsync();
        caller.Loop.TryReinvite(TestCaller.Key, TestCaller.Offer(30_020));
        await caller.NextAsync<MediaChanged>();
        Assert.Equal(200, (await caller.NextAsync<ReinviteDone>()).Code);
        caller.HangUp();
        await phone.FinishAsync();
        var refused = phone.Messages.First(m => m is { Received: false, Code: 491 });
        // We own the Call-ID: 2.1 to 4 s (RFC 3261 section 14.1), by SIPp's clock on a machine that may be busy.
        Assert.InRange((phone.Received("INVITE")[2].At - refused.At).TotalSeconds, 2.09, 4.5);
    }

    [Fact]
    public async Task After_a_glare_the_side_that_was_called_tries_again_within_2_seconds()
    {
        var done = new TaskCompletionSource<ReinviteDone>(TaskCreationOptions.RunContinuationsAsynchronously);
        var address = FreePorts.Udp("127.0.0.2");
        var settings = new SignallingOptions(address) { Agent = sentBy => new(sentBy) { AcceptsCalls = true } };
        SignallingLoop called = null!;
        called = new SignallingLoop(settings, e =>
        {
            if (e is IncomingCall call) called.TryAnswer(call.CallKey, TestCaller.Offer());
            if (e is Confirmed) called.TryReinvite(e.CallKey, TestCaller.Offer(30_030));
            if (e is ReinviteDone result) done.TrySetResult(result);
        });
        using var _ = called;
        called.Start();
        Assert.Equal(0, await SippCaller.CallAsync(address, default, default, script: "call-glare"));
        Assert.Equal(200, (await done.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public async Task While_our_re_INVITE_is_open_the_phones_gets_491()
    {
        var (phone, caller) = await StartAsync(new SippScenario("busy").Invited().Answers(200, "b", sdp: true).Receives("ACK")
            .Receives("INVITE").Requests("INVITE", 1, "b", "sendrecv").Gets(491));
        await using var _ = phone;
        using var __ = caller;
        caller.Call();
        await caller.AnsweredAsync();
        caller.Loop.TryReinvite(TestCaller.Key, TestCaller.Offer(30_020));
        await phone.SeesAsync("491", TimeSpan.FromSeconds(5), m => m.Received && m.Code == 491);
    }

    [Fact]
    public async Task A_redirection_tells_its_contacts_and_a_refusal_its_Q850_cause()
    {
        var (phone, caller) = await StartAsync(new SippScenario("moved").Invited()
            .Answers(302, "b", sdp: false, "Reason: SIP;cause=302, Q.850;cause=23;text=\"moved\"").Receives("ACK"));
        await using var _ = phone;
        using var __ = caller;
        caller.Call(attempt => attempt with
        {
            Privacy = "id", ExtraHeaders = [new("Diversion", "<sip:+431@x>;reason=unconditional"), new("History-Info", "<sip:+431@x>;index=1")],
        });
        var refused = await caller.NextAsync<Refused>();
        Assert.Equal((302, 23, $"sip:phone@{phone.Address}"), (refused.Code, refused.Q850, Assert.Single(refused.Contacts)));
        var invite = phone.Received("INVITE")[0];
        Assert.Equal(("<sip:+431@x>;reason=unconditional", "<sip:+431@x>;index=1", "id"),
            (invite.Header("Diversion"), invite.Header("History-Info"), invite.Header("Privacy")));
        await phone.FinishAsync();
    }
}
