using OrleansCallback.Sip;
using OrleansCallback.Sip.Sandbox;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Sandbox;

public sealed class SandboxAudioTests
{
    const string Member = "+4930123000";
    const string Merchant = "+4930456000";

    [Fact]
    public async Task Held_then_bridged_phones_hear_hold_audio_and_then_exactly_each_other()
    {
        await using var test = new TestCaller();
        var a = await test.Call(Member).TalkAsync();
        a.Leg.Hold();
        await test.WhenAsync(a, seen => seen.Heard.HoldPackets >= 5);
        var b = await test.Call(Merchant, near: a.Leg).TalkAsync();
        a.Leg.Bridge(b.Leg);
        await test.WhenAsync(a, seen => seen.Heard.PacketsFrom(Merchant) >= 25);
        await test.WhenAsync(b, seen => seen.Heard.PacketsFrom(Member) >= 25);
        b.HangUp();
        a.HangUp();

        var member = await test.WhenAsync(a, seen => seen.EndedAt is not null);
        var merchant = await test.WhenAsync(b, seen => seen.EndedAt is not null);
        Assert.Equal((PhoneEnd.CallerHungUp, PhoneEnd.CallerHungUp), (member.EndedBy, merchant.EndedBy));
        AssertHeardOnly(member, "4930456000");
        AssertHeardOnly(merchant, "4930123000");
        Assert.True(member.Heard.LastHoldAt <= member.Heard.Voices[0].FirstAt);
        Assert.Equal(0, merchant.Heard.HoldPackets);
        await Waiting.UntilAsync("all phones to have hung up", TimeSpan.FromSeconds(5), () => test.Carrier.PhonesInCall == 0);
    }

    [Fact]
    public async Task An_echoing_phone_gives_the_other_one_its_own_frames_back()
    {
        await using var test = new TestCaller();
        test.Carrier.Numbers.Set(Merchant, PhoneScript.Answers(0) with { Voice = PhoneVoice.Echo });
        var a = await test.Call(Member).TalkAsync();
        var b = await test.Call(Merchant, near: a.Leg).TalkAsync();
        a.Leg.Bridge(b.Leg);
        var heard = await test.WhenAsync(a, seen => seen.Heard.PacketsFrom(Member) >= 10);
        Assert.Equal(["4930123000"], heard.Heard.Voices.Select(voice => voice.Number));
    }

    [Fact]
    public async Task Forty_phones_at_once_are_served()
    {
        await using var test = new TestCaller();
        var calls = Enumerable.Range(0, 40).Select(i => test.Call($"+49301{i:00}0000")).ToList();
        await Task.WhenAll(calls.Select(call => call.TalkAsync()));
        Assert.Equal(40, test.Carrier.PhonesInCall);
        foreach (var call in calls) await test.WhenAsync(call, seen => seen.PacketsSent >= 5);
        foreach (var call in calls) call.HangUp();
        await Waiting.UntilAsync("all phones to have hung up", TimeSpan.FromSeconds(5), () => test.Carrier.PhonesInCall == 0);
        Assert.All(test.Carrier.Records, record => Assert.Equal(PhoneEnd.CallerHungUp, record.EndedBy));
    }

    [Fact]
    public void A_frame_is_known_only_as_it_was_sent()
    {
        var frame = new byte[NumberedFrame.Size];
        NumberedFrame.Write(frame, 4930123000, 77);
        Assert.True(NumberedFrame.TryRead(frame, out var number, out var counter));
        Assert.Equal((4930123000UL, 77u), (number, counter));
        for (var i = 0; i < frame.Length; i++)
        {
            frame[i] ^= 1;
            Assert.False(NumberedFrame.TryRead(frame, out _, out _));
            frame[i] ^= 1;
        }

        Assert.False(NumberedFrame.TryRead(frame.AsSpan(0, 159), out _, out _));
        Assert.False(NumberedFrame.TryRead(new byte[160], out _, out _));
    }

    [Theory]
    [InlineData(new[] { 5, 6, 7 }, 0, 0, 0)]
    [InlineData(new[] { 5, 8 }, 2, 0, 0)]
    [InlineData(new[] { 5, 7, 6 }, 0, 0, 1)]
    [InlineData(new[] { 5, 6, 6, 5 }, 0, 2, 0)]
    [InlineData(new[] { 5, 7, 6, 6, 100 }, 92, 1, 1)]
    public void Numbers_are_tallied(int[] numbers, int missing, int duplicates, int reordered)
    {
        var tally = default(SequenceTally);
        foreach (var number in numbers) tally.Take(number);
        Assert.Equal((missing, duplicates, reordered), (tally.Missing, tally.Duplicates, tally.Reordered));
    }

    static void AssertHeardOnly(PhoneRecord record, string other)
    {
        var voice = Assert.Single(record.Heard.Voices);
        Assert.Equal((other, 0L, 0L, 0L), (voice.Number, voice.Missing, voice.Duplicates, voice.Reordered));
        Assert.Equal((1, 0L, 0L, 0L), (record.Heard.Streams, record.Heard.Missing, record.Heard.Duplicates, record.Heard.Reordered));
    }
}
