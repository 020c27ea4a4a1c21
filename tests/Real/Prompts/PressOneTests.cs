using OrleansCallback.Calls;
using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Prompts;

/// <summary>
/// Who presses 1 is connected, and nobody else: a person who presses, presses wrong or stays silent, and a machine that talks. The keys are
/// SIPp's, played from recordings that we did not make or told by INFO; each end is compared with what the phones' own traces say it costs.
/// </summary>
[Collection(PromptScenarios.Name)]
public sealed class PressOneTests(PromptSite prompts)
{
    const uint Machine = 0xBADC0DE1;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("1", null)]
    [InlineData("21", null)]
    [InlineData("1", "application/dtmf-relay")]
    [InlineData("#1", "application/dtmf")]
    public async Task A_member_who_presses_1_at_last_is_connected_and_the_merchant_is_rung_only_then(string keys, string? by)
    {
        await using var scene = await StartAsync(PhoneScript.Answers with { Keys = keys, KeysBy = by }, PhoneScript.Answers);
        await scene.PlaceAsync(PromptSite.AsksMember);
        await scene.BridgedAsync();
        await scene.CancelAsync();
        await scene.EndsAsync("completed", "bridged");

        var answered = scene.Member.Messages.First(m => m.Received && m.Method == "ACK").At;
        var rung = scene.Merchant.Messages.First(m => m.Received && m.Method == "INVITE").At;
        var pressed = keys.Length * PhoneScript.Answers.KeyAfter;
        Assert.True(rung - answered > pressed * 0.9, $"The merchant was rung {rung - answered} after the member's answer, who pressed 1 after {pressed}.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("23")]
    public async Task A_member_who_never_presses_1_is_hung_up_on_and_the_merchant_is_never_rung(string keys)
    {
        await using var scene = await StartAsync(PhoneScript.Answers with { Keys = keys, KeyAfter = TimeSpan.FromMilliseconds(700) }, PhoneScript.Answers);
        await scene.PlaceAsync(PromptSite.AsksMember);
        await scene.EndsAsync("failed", "member_not_confirmed");
        Assert.Empty(scene.Merchant.Messages);
        Assert.Single(scene.Member.Received("BYE"));
    }

    [Theory]
    [InlineData("1", null)]
    [InlineData("51", null)]
    [InlineData("1", "application/dtmf-relay")]
    public async Task A_merchant_who_presses_1_at_last_is_connected(string keys, string? by)
    {
        await using var scene = await StartAsync(PhoneScript.Answers, PhoneScript.Answers with { Keys = keys, KeysBy = by });
        await scene.PlaceAsync(PromptSite.AsksMerchant);
        await scene.BridgedAsync();
        await scene.CancelAsync();
        await scene.EndsAsync("completed", "bridged");
    }

    [Fact]
    public async Task A_machine_that_answers_for_the_merchant_is_never_heard_and_the_member_is_told()
    {
        await using var member = new MarkedAudio("127.0.0.2", 1);
        await using var machine = new MarkedAudio("127.0.0.3", Machine);
        await using var scene = await StartAsync(PhoneScript.Answers with { Audio = member.Address }, PhoneScript.Answers with { Audio = machine.Address });
        await scene.PlaceAsync(PromptSite.AsksMerchant);
        var offer = await scene.Merchant.ReceivesAsync("INVITE", Soon);
        await scene.Merchant.ReceivesAsync("ACK", Soon);
        await machine.PlayAsync(offer.AudioAddress, (int)((2 * (PromptSite.Limit + (2 * PromptSite.ClipLength))).TotalMilliseconds / 20));
        await scene.EndsAsync("failed", "merchant_not_confirmed");

        Assert.Equal(0, member.FramesOf(Machine));
        var (heard, asked) = (SpokenClips.ALaw(member.Recorded), SpokenClips.ALaw(machine.Recorded));
        Assert.NotNull(SpokenClips.FindIn(heard, PromptSite.Sound(Clips.Refusal)));
        double[] request = [.. PromptSite.Sound(Clips.Whisper), .. PromptSite.Sound(Clips.PressToTake)];
        var first = SpokenClips.FindIn(asked, request);
        Assert.NotNull(first);
        Assert.NotNull(SpokenClips.FindIn(asked[((first.Value + 1) * 160)..], request));
    }

    [Fact]
    public async Task Another_body_of_INFO_is_refused_with_415_and_presses_nothing()
    {
        await using var scene = await StartAsync(PhoneScript.Answers with { Keys = "1", KeysBy = "text/plain" }, PhoneScript.Answers);
        await scene.PlaceAsync(PromptSite.AsksMember);
        Assert.Contains(
            "application/dtmf-relay", (await scene.Member.SeesAsync("415", Soon, m => m is { Received: true, Code: 415 })).Header("Accept"), StringComparison.Ordinal);
        await scene.EndsAsync("failed", "member_not_confirmed");
    }

    Task<Scene> StartAsync(PhoneScript member, PhoneScript merchant) => Scene.StartAsync(prompts.Site, member, merchant);
}
