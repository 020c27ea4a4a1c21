using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Media;

/// <summary>What else than G.711 two bridged phones exchange.</summary>
public sealed class MediaEncodingTests
{
    static readonly MediaFormat AlicesNumbers = new(G711Law.Mu, 0) { G722 = new(9, 9), Opus = new(96, 111), TelephoneEvent = new(97, 101) };
    static readonly MediaFormat BobsNumbers = new(G711Law.Mu, 0) { G722 = new(9, 9), Opus = new(111, 111), TelephoneEvent = new(100, 101) };

    [Theory]
    [InlineData(9, 9, 9)]
    [InlineData(111, 111, 96)]
    [InlineData(101, 100, 97)]
    public async Task It_passes_untouched_under_each_phones_own_number(byte sent, byte toBob, byte toAlice)
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice, AlicesNumbers);
        var b = test.Talking(bob, BobsNumbers, a);
        a.Bridge(b);
        await PassesAsync(alice, a, bob, b, sent, toBob, toAlice);
    }

    [Theory]
    [InlineData(9, 9, 9)]
    [InlineData(111, 111, 96)]
    [InlineData(101, 100, 97)]
    public async Task It_passes_between_silos_as_well(byte sent, byte toBob, byte toAlice)
    {
        await using var one = new TestPlane();
        await using var two = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var (a, b) = (one.Talking(alice, AlicesNumbers), two.Talking(bob, BobsNumbers));
        a.BridgeInner(b.OpenInner());
        b.BridgeInner(a.OpenInner());
        await PassesAsync(alice, a, bob, b, sent, toBob, toAlice);
    }

    [Fact]
    public async Task What_the_other_phone_does_not_take_is_dropped_and_counted()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice, AlicesNumbers);
        var b = test.Talking(bob, MediaFormat.Pcmu, a);
        a.Bridge(b);
        await alice.SendAsync(a, payloadType: 9);
        await alice.SendAsync(a);
        Assert.Equal(0, (await bob.HearAsync(1, 1)).PayloadType);
        Assert.True(bob.HasHeardNothing);
        Assert.Equal(1, (await a.CloseAsync()).DroppedFor(MediaDrop.NotShared));
    }

    [Fact]
    public async Task A_phone_that_takes_a_wider_codec_alone_hears_no_hold_audio_until_it_takes_G711_again()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var wide = new MediaFormat(G711Law.Mu, null) { Opus = new(111, 111) };
        var a = test.Talking(alice, wide);
        var b = test.Talking(bob, wide, a);
        a.Bridge(b);
        await bob.SendAsync(b, payloadType: 111);
        var talk = await alice.HearAsync(2, 1);
        a.Hold();
        await test.RoundAsync();
        Assert.Equal((0, 0), (a.Statistics.HoldPacketsOut, await alice.HearToTheEndAsync(TimeSpan.FromMilliseconds(100))));

        a.SetRemote(alice.Remote());
        var hold = await alice.HearAsync(TestPlane.HoldMark, 2);
        Assert.Equal((0, (ushort)(talk.Sequence + 1), true), (hold.PayloadType, hold.Sequence, hold.Marker));
        Assert.Equal(talk.Ssrc, hold.Ssrc);
        Assert.InRange(hold.Timestamp - talk.Timestamp, 100 * 8u, 3_000 * 8u);
    }

    static async Task PassesAsync(TestPhone alice, MediaLeg a, TestPhone bob, MediaLeg b, byte sent, byte toBob, byte toAlice)
    {
        await alice.SendAsync(a, sent);
        Assert.Equal(toBob, (await bob.HearAsync(1, 1)).PayloadType);
        await bob.SendAsync(b, sent);
        Assert.Equal(toAlice, (await alice.HearAsync(2, 1)).PayloadType);
        Assert.All((await a.CloseAsync()).Dropped, count => Assert.Equal(0, count));
    }
}
