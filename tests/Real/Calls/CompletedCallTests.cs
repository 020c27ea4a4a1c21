using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>The way of one callback to its good end, with SIPp as both phones.</summary>
[Collection(OneSiloScenarios.Name)]
public sealed class CompletedCallTests(OneSilo silo)
{
    const uint Mark = 0xC0FFEE01;
    const int Frames = 50;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Talk = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task Member_plays_merchant_echoes_and_the_member_hears_every_frame_again()
    {
        await using var audio = new MarkedAudio("127.0.0.2", Mark);
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers with { Audio = audio.Address }, PhoneScript.Answers);
        await scene.PlaceAsync();
        await HearsItselfAsync(scene, audio, scene.Member);
        Assert.True(audio.Unmarked > 0, "No hold audio came before the bridge.");
        await scene.CancelAsync();
        await scene.EndsAsync("completed", "bridged");
    }

    [Fact]
    public async Task Merchant_plays_member_echoes_and_the_merchant_hears_every_frame_again()
    {
        await using var audio = new MarkedAudio("127.0.0.3", Mark);
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Answers with { Audio = audio.Address });
        await scene.PlaceAsync();
        await HearsItselfAsync(scene, audio, scene.Merchant);
        await scene.CancelAsync();
        await scene.EndsAsync("completed", "bridged");
    }

    [Theory]
    [InlineData("merchant-pays")]
    [InlineData("sponsor-pays")]
    public async Task A_call_may_be_paid_by_merchant_or_sponsor(string merchant)
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Answers with { Talk = Talk / 5 }, credit: 0);
        await scene.PlaceAsync(merchant);
        await scene.EndsAsync("completed", "bridged");
    }

    [Fact]
    public async Task Merchant_hangs_up_after_the_bridge_and_the_member_is_hung_up_on()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Answers with { Talk = Talk });
        await scene.PlaceAsync();
        await scene.EndsAsync("completed", "bridged");
        Assert.Single(scene.Member.Received("BYE"));
        Assert.Empty(scene.Merchant.Received("BYE"));
    }

    [Fact]
    public async Task Member_hangs_up_after_the_bridge_and_the_merchant_is_hung_up_on()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers with { Talk = Talk * 2 }, PhoneScript.Answers);
        await scene.PlaceAsync();
        await scene.EndsAsync("completed", "bridged");
        Assert.Single(scene.Merchant.Received("BYE"));
        Assert.Empty(scene.Member.Received("BYE"));
    }

    [Fact]
    public async Task The_merchant_is_not_rung_before_the_member_has_its_ACK()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers with { Talk = Talk }, PhoneScript.Answers);
        await scene.PlaceAsync(CallSite.NearMerchant);
        Assert.Equal("bridged", (await scene.Client.EndsAsync(scene.Callback)).Outcome);
        await scene.Member.FinishAsync();

        // Both legs came to one socket: the order of its trace is the order on the wire, whatever the load does to clocks.
        var received = scene.Member.Messages.Where(m => m.Received).ToList();
        var first = received[0].CallId;
        var acknowledged = received.FindIndex(m => m.Method == "ACK" && m.CallId == first);
        var rung = received.FindIndex(m => m.Method == "INVITE" && m.CallId != first);
        Assert.True(acknowledged > 0 && rung > acknowledged, scene.Member.Describe());
        await silo.Site.IsSettledAsync(scene.Callback);
    }

    [Fact]
    public async Task Nothing_rings_before_the_hold_is_in_the_database()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Answers with { Talk = Talk / 5 });
        Task placing;
        DateTime released;
        await using (await silo.Site.Books.LockHoldsAsync())
        {
            placing = scene.PlaceAsync();
            await Waiting.UntilAsync("the hold to wait for the lock", Soon, async () => await silo.Site.Books.WaitingForHoldsAsync() > 0);
            Assert.False(placing.IsCompleted, "Admitted without a hold.");
            Assert.Empty(scene.Member.Messages);
            released = DateTime.Now; // as SIPp stamps what it sees
        }

        await placing;
        await scene.EndsAsync("completed", "bridged");
        Assert.All(scene.Member.Messages, message => Assert.True(message.At >= released, $"{message} came before {released:HH:mm:ss.ffffff}."));
        Assert.Equal(1, await silo.Site.Books.HoldsOfAsync(scene.Callback));
    }

    static async Task HearsItselfAsync(Scene scene, MarkedAudio audio, SippPhone player)
    {
        var offer = await player.ReceivesAsync("INVITE", Soon);
        await scene.BridgedAsync();
        await audio.PlayAsync(offer.AudioAddress, Frames);
        await Waiting.UntilAsync("every frame to come back", Soon, () => audio.FramesOf(Mark) == Frames, () => $"{audio.FramesOf(Mark)} of {Frames} came back");
    }
}
