using System.Net;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>What carriers do to the audio of a call that is up: holds of every kind, bodies of several parts, attributes of other worlds.</summary>
[Collection(OneSiloScenarios.Name)]
public sealed class CarrierMediaTests(OneSilo silo)
{
    const uint MemberMark = 0x4D45_0001, MerchantMark = 0x4D45_0002;
    const int Frames = 25;
    const string Ice = "a=ice-ufrag:8hhY\na=ice-pwd:asd88fgpdd777uzjYhagZg\na=candidate:1 1 UDP 2130706431 127.0.0.3 9 typ host\na=rtcp-mux\na=mid:0\na=setup:actpass";
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("inactive", null, null, "inactive", false)]
    [InlineData("sendrecv", "0.0.0.0", null, "recvonly", true)]
    [InlineData("sendonly", null, null, "recvonly", true)]
    [InlineData("inactive", null, 0, null, false)]
    public async Task A_merchant_that_holds_hears_nothing_may_play_music_and_resumes(string direction, string? address, int? port, string? answered, bool plays)
    {
        await using var scene = await AudioScene.StartAsync(silo.Site, audio =>
        {
            var held = new IPEndPoint(IPAddress.Parse(address ?? $"{audio.Address}"), port ?? audio.Port);
            return new SippScenario($"hold-{direction}-{address}-{port}").HearsAt(audio).Invited().Answers(200, "b", sdp: true).Receives("ACK")
                .Told().HearsAt(held).Requests("INVITE", 1, "b", direction).Gets(200).Requests("ACK", 1, "b")
                .Told().HearsAt(audio).Requests("INVITE", 2, "b", "sendrecv").Gets(200).Requests("ACK", 2, "b").HungUp();
        });
        await scene.TellAsync("1 ACK");
        var answer = scene.Merchant.Messages.Single(m => m.Received && m.Code == 200 && m.Header("CSeq") == "1 INVITE");
        if (answered is not null) Assert.Contains($"a={answered}", answer.Text, StringComparison.Ordinal);
        else Assert.Contains("m=audio 0 ", answer.Text, StringComparison.Ordinal);
        await Task.WhenAll(scene.MemberSpeaksAsync(0), plays ? scene.MerchantSpeaksAsync(0) : Task.CompletedTask);
        await AudioScene.HearsAsync(scene.MemberAudio, MerchantMark, plays ? Frames : 0);

        await scene.TellAsync("2 ACK");
        await Task.WhenAll(scene.MemberSpeaksAsync(Frames), scene.MerchantSpeaksAsync(Frames));
        await AudioScene.HearsAsync(scene.MemberAudio, MerchantMark, plays ? 2 * Frames : Frames);
        await AudioScene.HearsAsync(scene.MerchantAudio, MemberMark, Frames); // nothing of what was said while it held
        await scene.EndsWellAsync();
    }

    [Fact]
    public async Task An_answer_and_a_change_among_other_parts_of_a_body_are_found()
    {
        await using var scene = await AudioScene.StartAsync(silo.Site, audio => new SippScenario("mixed").HearsAt(audio).Mixes()
            .Invited("multipart/mixed", "Accept:").Answers(183, "b", sdp: true).Answers(200, "b", sdp: true).Receives("ACK")
            .Told().Requests("INVITE", 1, "b", "sendrecv").Gets(200).Requests("ACK", 1, "b").HungUp());
        await scene.TellAsync("1 ACK");
        await Task.WhenAll(scene.MemberSpeaksAsync(0), scene.MerchantSpeaksAsync(0));
        await AudioScene.HearsAsync(scene.MemberAudio, MerchantMark, Frames);
        await AudioScene.HearsAsync(scene.MerchantAudio, MemberMark, Frames);
        await scene.EndsWellAsync();
    }

    [Fact]
    public async Task Attributes_of_ICE_and_a_shared_port_for_RTCP_are_passed_by()
    {
        await using var scene = await AudioScene.StartAsync(silo.Site, audio => new SippScenario("ice").HearsAt(audio)
            .Says("a=ice-lite\na=group:BUNDLE 0\na=msid-semantic: WMS", Ice).Invited().Answers(200, "b", sdp: true).Receives("ACK")
            .Told().Requests("INVITE", 1, "b", "sendrecv").Gets(200).Requests("ACK", 1, "b").HungUp());
        await scene.TellAsync("1 ACK");
        var answer = scene.Merchant.Messages.Single(m => m.Received && m.Code == 200 && m.Header("CSeq") == "1 INVITE").Text;
        foreach (var foreign in (string[])["rtcp-mux", "ice-", "candidate", "BUNDLE", "setup"]) Assert.DoesNotContain(foreign, answer, StringComparison.Ordinal);
        await Task.WhenAll(scene.MemberSpeaksAsync(0), scene.MerchantSpeaksAsync(0));
        await AudioScene.HearsAsync(scene.MemberAudio, MerchantMark, Frames);
        await AudioScene.HearsAsync(scene.MerchantAudio, MemberMark, Frames);
        await scene.EndsWellAsync();
    }

    /// <summary>A callback that is up, both of whose phones have marked audio; the merchant's follows a script that waits to be told.</summary>
    sealed class AudioScene(CallSite site, Scene scene, MarkedAudio memberAudio, MarkedAudio merchantAudio) : IAsyncDisposable
    {
        public MarkedAudio MemberAudio => memberAudio;
        public MarkedAudio MerchantAudio => merchantAudio;
        public SippPhone Merchant => scene.Merchant;

        public static async Task<AudioScene> StartAsync(CallSite site, Func<IPEndPoint, SippScenario> merchant)
        {
            var (memberAudio, merchantAudio) = (new MarkedAudio("127.0.0.2", MemberMark), new MarkedAudio("127.0.0.3", MerchantMark));
            var scene = await Scene.StartAsync(site, PhoneScript.Answers with { Audio = memberAudio.Address }, PhoneScript.Of(merchant(merchantAudio.Address)));
            var up = new AudioScene(site, scene, memberAudio, merchantAudio);
            await scene.PlaceAsync();
            await scene.BridgedAsync();
            return up;
        }

        /// <summary>Lets the merchant's phone go on and waits until it has sent this ACK.</summary>
        public async Task TellAsync(string ack)
        {
            await Merchant.TellAsync();
            await Merchant.SeesAsync(ack, Soon, m => !m.Received && m.Header("CSeq") == ack);
        }

        public Task MemberSpeaksAsync(int first) => memberAudio.PlayAsync(scene.Member.Received("INVITE").Single().AudioAddress, Frames, first);

        public Task MerchantSpeaksAsync(int first) => merchantAudio.PlayAsync(Merchant.Received("INVITE").Single().AudioAddress, Frames, first);

        public static async Task HearsAsync(MarkedAudio phone, uint mark, int frames)
        {
            await Waiting.UntilAsync($"{frames} frames of {mark:x}", Soon, () => phone.FramesOf(mark) >= frames, () => $"{phone.FramesOf(mark)} came");
            Assert.Equal(frames, phone.FramesOf(mark));
        }

        public async Task EndsWellAsync()
        {
            await scene.CancelAsync();
            var end = await scene.Client.EndsAsync(scene.Callback, Soon);
            Assert.True(end is { Status: "completed", Outcome: "bridged" }, $"{end.Body}");
            await scene.Member.FinishAsync();
            await Merchant.FinishAsync();
            await site.IsSettledAsync(scene.Callback);
        }

        public async ValueTask DisposeAsync()
        {
            await scene.DisposeAsync();
            await memberAudio.DisposeAsync();
            await merchantAudio.DisposeAsync();
        }
    }
}
