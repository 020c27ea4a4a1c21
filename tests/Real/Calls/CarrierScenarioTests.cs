using System.Net;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>What crosses the wire between a running silo and carriers: session timers, changes of a session, forks, redirections, strict routes.</summary>
[Collection(OneSiloScenarios.Name)]
public sealed class CarrierScenarioTests(OneSilo silo)
{
    const string Takes = "Allow: INVITE, ACK, BYE, UPDATE, PRACK";
    const uint Mark = 0x5CE0_0001;
    const int Frames = 25;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    static SippScenario Answered(string name, params string[] headers) => new SippScenario(name).Invited().Answers(180, "b").Answers(200, "b", sdp: true, headers).Receives("ACK");

    [Fact]
    public async Task The_silo_refreshes_a_session_that_is_its_to_refresh()
    {
        var merchant = Answered("refresher", Takes, "Session-Expires: 3;refresher=uac", "Require: timer")
            .Receives("UPDATE", "3;refresher=uac", "Session-Expires:").Replies(200, sdp: false, "Session-Expires: 1800;refresher=uac").HungUp();
        await BridgedUntilAsync(merchant, m => m.Received && m.Method == "UPDATE");
    }

    [Fact]
    public async Task A_carrier_refreshes_a_session_and_one_that_is_too_short_gets_422()
    {
        var merchant = Answered("refreshed", Takes, "Session-Expires: 1800;refresher=uas", "Require: timer")
            .Requests("UPDATE", 1, "b", null, "Session-Expires: 10;refresher=uac", "Supported: timer").Gets(422, "90", "Min-SE:")
            .Requests("UPDATE", 2, "b", null, "Session-Expires: 1800;refresher=uac", "Supported: timer").Gets(200, "1800;refresher=uac", "Session-Expires:").HungUp();
        await BridgedUntilAsync(merchant, m => m.Received && m is { Code: 200, CSeqMethod: "UPDATE" });
    }

    [Fact]
    public async Task A_session_that_its_carrier_does_not_refresh_is_hung_up_on_both_sides()
    {
        var merchant = Answered("expires", Takes, "Session-Expires: 3;refresher=uas", "Require: timer").HungUp("SIP;cause=408");
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Of(merchant));
        await scene.PlaceAsync();
        Assert.True((await scene.Client.EndsAsync(scene.Callback, Soon)).Charge > 0);
        await FinishAsync(scene);
        Assert.Single(scene.Member.Received("BYE"));
    }

    [Fact]
    public async Task A_merchant_holds_resumes_without_an_offer_and_its_audio_moves()
    {
        await using var old = new MarkedAudio("127.0.0.3", Mark);
        await using var moved = new MarkedAudio("127.0.0.3", Mark + 1);
        var merchant = new SippScenario("moves").HearsAt(old.Address).Invited().Answers(200, "b", sdp: true).Receives("ACK")
            .Requests("INVITE", 1, "b", "sendonly").Gets(200).Requests("ACK", 1, "b")
            .HearsAt(moved.Address).Requests("INVITE", 2, "b").Gets(200, "application/sdp", "Content-Type:").Requests("ACK", 2, "b", "sendrecv").HungUp();
        await BridgedUntilAsync(merchant, m => m is { Received: false, Method: "ACK" } && m.Header("CSeq") == "2 ACK", async scene =>
        {
            var offer = Assert.Single(scene.Merchant.Received("INVITE"));
            await moved.PlayAsync(offer.AudioAddress, Frames);
            await Waiting.UntilAsync("audio at the new address", Soon, () => moved.FramesOf(Mark + 1) == Frames, () => $"{moved.FramesOf(Mark + 1)} of {Frames}");
            Assert.Equal(0, old.FramesOf(Mark + 1));
        });
    }

    [Fact]
    public async Task Audio_at_an_IPv6_address_is_refused_where_IPv4_was_offered()
    {
        IPEndPoint far = IPEndPoint.Parse("[2001:db8::c000:201]:4000"), near = new(silo.Site.MerchantPhone.Address, 4000);
        var moves = new SippScenario("moves-family").HearsAt(near).Invited().Answers(200, "b", sdp: true).Receives("ACK")
            .HearsAt(far).Requests("UPDATE", 1, "b", "sendrecv").Gets(488).HungUp("cause=16");
        await BridgedUntilAsync(moves, m => m is { Received: true, Code: 488 });

        var other = new SippScenario("other-family").HearsAt(far).Invited().Answers(200, "b", sdp: true).Receives("ACK").HungUp("cause=488");
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Of(other));
        await scene.PlaceAsync();
        Assert.Equal("failed", (await scene.Client.EndsAsync(scene.Callback, Soon)).Status);
        await FinishAsync(scene);
        Assert.Single(scene.Member.Received("BYE"));
    }

    [Fact]
    public async Task While_an_offer_of_the_silo_is_open_another_one_gets_491()
    {
        var merchant = Answered("glare", Takes).Requests("INVITE", 1, "b").Gets(200, "application/sdp", "Content-Type:")
            .Requests("UPDATE", 2, "b", "sendrecv").Gets(491).Requests("ACK", 1, "b", "sendrecv")
            .Requests("UPDATE", 3, "b", "sendrecv").Gets(200).HungUp();
        await BridgedUntilAsync(merchant, m => m.Received && m is { Code: 200, CSeqMethod: "UPDATE" });
    }

    [Fact]
    public async Task A_redirection_is_no_way_to_another_number()
    {
        var moved = new SippScenario("moved").Invited().Answers(302, "b", sdp: false, "Reason: Q.850;cause=23").Receives("ACK");
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Of(moved), PhoneScript.Answers);
        await scene.PlaceAsync();
        var end = await scene.Client.EndsAsync(scene.Callback, Soon);
        Assert.Equal(302, end.Body.GetProperty("end_reason").GetProperty("sip_code").GetInt32());
        await FinishAsync(scene);
        Assert.Single(scene.Member.Received("INVITE"));
        Assert.Empty(scene.Merchant.Messages);
    }

    [Fact]
    public async Task Of_two_phones_of_a_merchant_that_answer_one_is_bridged_and_the_other_gets_ACK_and_BYE()
    {
        var merchant = new SippScenario("fork").Invited().Answers(180, "a").Answers(180, "b").Answers(200, "a", sdp: true).Receives("ACK", "tag=a", "To:")
            .Answers(200, "b", sdp: true).Receives("ACK", "tag=b", "To:").Receives("BYE", "tag=b", "To:").Replies(200).HungUp();
        await BridgedUntilAsync(merchant, m => m.Received && m.Method == "BYE");
    }

    [Fact]
    public async Task A_phone_that_answers_after_487_gets_ACK_and_BYE_and_costs_nothing()
    {
        var late = new SippScenario("late").Invited().Answers(180, "a").Receives("CANCEL", "Q.850;cause=16", "Reason:").Replies(200).Answers(487, "a").Receives("ACK")
            .Answers(200, "b", sdp: true).Receives("ACK", "tag=b", "To:").Receives("BYE", "tag=b", "To:").Replies(200);
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Of(late), PhoneScript.Answers);
        await scene.PlaceAsync();
        await scene.Member.SeesAsync("180", Soon, m => m.Code == 180);
        await scene.CancelAsync();
        var end = await scene.Client.EndsAsync(scene.Callback, Soon);
        Assert.Equal(("canceled", 0L), (end.Status, end.Charge ?? 0));
        await FinishAsync(scene);
    }

    [Fact]
    public async Task Early_media_comes_before_the_answer_and_a_strict_router_gets_what_it_wants()
    {
        var merchant = new SippScenario("strict").Invited().Answers(183, "b", sdp: true, "Record-Route: <sip:[local_ip]:[local_port];strict=yes>")
            .Answers(200, "b", sdp: true, "Record-Route: <sip:[local_ip]:[local_port];strict=yes>").Receives("ACK", "sip:phone@", "Route:").HungUp();
        await BridgedUntilAsync(merchant, m => m.Received && m.Method == "ACK", scene =>
        {
            Assert.Contains(";strict=yes SIP/2.0", Assert.Single(scene.Merchant.Received("ACK")).StartLine, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
    }

    // A callback to a merchant of this script that is bridged and then hung up by the member, as soon as its phone has seen something.
    async Task BridgedUntilAsync(SippScenario merchant, Func<WireMessage, bool> seen, Func<Scene, Task>? then = null)
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Of(merchant));
        await scene.PlaceAsync();
        await scene.BridgedAsync();
        await scene.Merchant.SeesAsync(merchant.Name, Soon, seen);
        if (then is not null) await then(scene);
        await scene.CancelAsync();
        var end = await scene.Client.EndsAsync(scene.Callback, Soon);
        Assert.True(end is { Status: "completed", Outcome: "bridged", Code: HttpStatusCode.OK }, $"{end.Body}");
        await FinishAsync(scene);
    }

    async Task FinishAsync(Scene scene)
    {
        await scene.Member.FinishAsync();
        await scene.Merchant.FinishAsync();
        await silo.Site.IsSettledAsync(scene.Callback);
    }
}
