using OrleansCallback.Calls;
using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Prompts;

/// <summary>What each phone hears from the answer to the end, by content and in its order.</summary>
[Collection(PromptScenarios.Name)]
public sealed class HeardTests(PromptSite prompts)
{
    const uint MemberMark = 0xA11CE001, MerchantMark = 0xB0B00001;
    const int Frames = 25;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_member_hears_to_wait_then_ring_back_then_the_merchant_and_the_merchant_a_whisper_then_the_member()
    {
        await using var member = new MarkedAudio("127.0.0.2", MemberMark);
        await using var merchant = new MarkedAudio("127.0.0.3", MerchantMark);
        await using var scene = await Scene.StartAsync(
            prompts.Site, PhoneScript.Answers with { Audio = member.Address }, PhoneScript.Answers with { Audio = merchant.Address });
        await scene.PlaceAsync(PromptSite.Whispers);
        var toMember = (await scene.Member.ReceivesAsync("INVITE", Soon)).AudioAddress;
        var toMerchant = (await scene.Merchant.ReceivesAsync("INVITE", Soon)).AudioAddress;
        await scene.BridgedAsync();
        await Task.WhenAll(member.PlayAsync(toMember, Frames), merchant.PlayAsync(toMerchant, Frames));
        await Processes.Waiting.UntilAsync("both to hear each other", Soon, () => member.FramesOf(MerchantMark) == Frames && merchant.FramesOf(MemberMark) == Frames);
        await scene.CancelAsync();
        await scene.EndsAsync("completed", "bridged");

        Assert.Equal(0, SpokenClips.FindIn(SpokenClips.ALaw(member.Recorded), PromptSite.Sound(Clips.Wait)));
        Assert.Equal(0, SpokenClips.FindIn(SpokenClips.ALaw(merchant.Recorded), PromptSite.Sound(Clips.Whisper)));
        var heard = member.Heard.ToList();
        var waited = heard.TakeWhile(frame => frame.Mark is null).Count();
        Assert.All(heard[waited..], frame => Assert.Equal(MerchantMark, frame.Mark));
        // The tone of ring-back, and nothing of the whisper to the merchant.
        var ringBack = heard[..waited].Skip((int)(PromptSite.ClipLength.TotalMilliseconds / 20) + 1).Take(15).SelectMany(frame => frame.Payload);
        Assert.InRange(Tones.Share(SpokenClips.ALaw([.. ringBack]), 425), 0.9, 1.1);
        Assert.Null(SpokenClips.FindIn(SpokenClips.ALaw(member.Recorded), PromptSite.Sound(Clips.Whisper)));
    }

    [Fact]
    public async Task A_member_whose_merchant_is_busy_is_told_so_before_being_hung_up()
    {
        await using var member = new MarkedAudio("127.0.0.2", MemberMark);
        await using var scene = await Scene.StartAsync(prompts.Site, PhoneScript.Answers with { Audio = member.Address }, PhoneScript.Busy);
        await scene.PlaceAsync();
        await scene.EndsAsync("failed", "merchant_busy");
        var heard = SpokenClips.ALaw(member.Recorded);
        var sorry = PromptSite.Sound(Clips.Refusal);
        var at = SpokenClips.FindIn(heard, sorry);
        Assert.NotNull(at);
        Assert.InRange(heard.Length - (at.Value * 160) - sorry.Length, 0, 160);
    }

    [Fact]
    public async Task A_member_whose_credit_ends_is_told_in_the_call_hears_the_merchant_again_and_the_merchant_hears_none_of_it()
    {
        const int credit = 8, frames = (credit + 2) * 50;
        await using var member = new MarkedAudio("127.0.0.2", MemberMark);
        await using var merchant = new MarkedAudio("127.0.0.3", MerchantMark);
        await using var scene = await Scene.StartAsync(
            prompts.Site, PhoneScript.Answers with { Audio = member.Address }, PhoneScript.Answers with { Audio = merchant.Address },
            credit * (CallSite.MemberRate + CallSite.MerchantRate));
        await scene.PlaceAsync();
        var toMember = (await scene.Member.ReceivesAsync("INVITE", Soon)).AudioAddress;
        var toMerchant = (await scene.Merchant.ReceivesAsync("INVITE", Soon)).AudioAddress;
        await scene.BridgedAsync();
        var talking = Task.WhenAll(member.PlayAsync(toMember, frames), merchant.PlayAsync(toMerchant, frames));
        await scene.EndsAsync("completed", "bridged", TimeSpan.FromSeconds(20));
        await talking;

        var told = SpokenClips.FindIn(SpokenClips.ALaw(member.Recorded), PromptSite.Sound(Clips.LowCredit));
        Assert.NotNull(told);
        var heard = member.Heard.ToList();
        Assert.Equal((MerchantMark, MerchantMark), (heard[told.Value - 1].Mark, heard[told.Value + (int)(PromptSite.ClipLength.TotalMilliseconds / 20)].Mark));
        var left = (heard.Count - told.Value) / 50.0;
        Assert.InRange(left, 3, 5); // two thirds of the six seconds that are left when more is asked for
        Assert.Null(SpokenClips.FindIn(SpokenClips.ALaw(merchant.Recorded), PromptSite.Sound(Clips.LowCredit)));
        var numbers = merchant.Heard.Where(frame => frame.Mark == MemberMark).Select(frame => frame.Number).ToList();
        Assert.Equal(Enumerable.Range(numbers[0], numbers.Count), numbers);
    }

    [Fact]
    public async Task A_merchant_s_language_is_spoken_to_a_member_who_asked_for_none()
    {
        await using var member = new MarkedAudio("127.0.0.2", MemberMark);
        await using var scene = await Scene.StartAsync(prompts.Site, PhoneScript.Answers with { Audio = member.Address }, PhoneScript.Answers);
        await scene.PlaceAsync(PromptSite.Chinese);
        var asked = SpokenClips.Own("zh", Clips.PressToCall);
        await Processes.Waiting.UntilAsync(
            "the request in Chinese", Soon, () => member.Recorded is var heard && heard.Length >= asked.Length && SpokenClips.FindIn(SpokenClips.ALaw(heard), asked) is 0);
        await scene.CancelAsync();
        await scene.EndsAsync("canceled", "canceled_by_member");
    }
}
