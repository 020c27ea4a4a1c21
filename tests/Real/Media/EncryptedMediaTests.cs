using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Tests.Media;

/// <summary>Legs with SRTP (RFC 3711). The phones here encrypt with our own code; that baresip understands it is shown elsewhere.</summary>
public sealed class EncryptedMediaTests
{
    [Theory]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag80, SrtpSuite.AeadAes256Gcm, false)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag32, SrtpSuite.AeadAes128Gcm, true)]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag80, null, false)]
    public async Task Each_leg_is_encrypted_by_itself_on_hold_and_bridged(SrtpSuite suiteOfA, SrtpSuite? suiteOfB, bool managed)
    {
        await using var test = new TestPlane(options => options with { ManagedSockets = managed });
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        alice.Encrypt(suiteOfA);
        if (suiteOfB is { } suite) bob.Encrypt(suite);
        var a = test.Talking(alice);
        var b = test.Talking(bob, MediaFormat.Pcma, near: a);
        a.Hold();
        var held = await alice.HearAsync(TestPlane.HoldMark, 3);
        Assert.InRange(held.Sequence, 0, short.MaxValue);

        a.Bridge(b);
        for (var i = 0; i < 10; i++)
        {
            await alice.SendAsync(a);
            await bob.SendAsync(b, payloadType: 8);
        }

        Assert.Equal(held.Ssrc, (await HearAfterHoldAsync(alice, Converted(2, G711Law.A, G711Law.Mu))).Ssrc);
        await bob.HearAsync(Converted(1, G711Law.Mu, G711Law.A), 10);
        Assert.All((await b.CloseAsync()).Dropped, count => Assert.Equal(0, count));
    }

    [Fact]
    public async Task What_is_replayed_forged_or_plain_goes_no_further_and_is_counted()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        using var stranger = new TestPhone(3);
        alice.Encrypt(SrtpSuite.AesCm128HmacSha1Tag80);
        var a = test.Talking(alice);
        var b = test.Talking(bob, near: a);
        a.Bridge(b);
        var first = alice.Frame();
        var forged = alice.Frame();
        forged[^1] ^= 1;
        // The stranger shares the address and would be taken for the party if his packet were authentic.
        await stranger.SendAsync(a);
        foreach (var packet in new[] { first, first, forged, alice.Frame(), first, stranger.Frame(), [0x80, 1, 2], [] }) await alice.SendAsync(a, packet);
        await alice.SendAsync(a);
        var heard = await bob.HearAsync(1, 1);
        Assert.Equal((ushort)(heard.Sequence + 2), (await bob.HearAsync(1, 1)).Sequence);
        await bob.HearAsync(1, 1);
        await test.RoundAsync();

        var statistics = await a.CloseAsync();
        Assert.Equal((3, 5, 2, 0), (statistics.PacketsIn, statistics.DroppedFor(MediaDrop.Unauthentic),
            statistics.DroppedFor(MediaDrop.Replayed), statistics.DroppedFor(MediaDrop.Stranger)));
        Assert.Equal(2, test.Plane.Totals.Sum(total => total.DroppedFor(MediaDrop.Replayed)));
        Assert.True(bob.HasHeardNothing);
    }

    [Fact]
    public async Task A_party_may_change_its_key_its_suite_and_go_plain_while_it_talks()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        alice.Encrypt(SrtpSuite.AesCm128HmacSha1Tag80);
        var a = test.Talking(alice);
        var b = test.Talking(bob, near: a);
        a.Bridge(b);
        await HearEachOtherAsync();
        foreach (var suite in new[] { SrtpSuite.AesCm128HmacSha1Tag80, SrtpSuite.AesCm128HmacSha1Tag80, SrtpSuite.AeadAes128Gcm })
        {
            var late = alice.Frame();
            alice.Encrypt(suite);
            a.SetRemote(alice.Remote());
            await alice.SendAsync(a, late); // under way while the key changed
            await bob.HearAsync(1, 1);
            await HearEachOtherAsync();
        }

        a.SetRemote(alice.Remote() with { Srtp = null });
        await bob.SendAsync(b);
        await test.RoundAsync();
        Assert.All((await a.CloseAsync()).Dropped, count => Assert.Equal(0, count));

        async Task HearEachOtherAsync()
        {
            await alice.SendAsync(a);
            await bob.HearAsync(1, 1);
            await bob.SendAsync(b);
            await alice.HearAsync(2, 1);
        }
    }

    [Fact]
    public async Task Between_two_silos_audio_is_plain_and_encrypted_again_for_each_party()
    {
        await using var one = new TestPlane();
        await using var two = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        using var tap = new TestPhone(3);
        alice.Encrypt(SrtpSuite.AeadAes256Gcm);
        bob.Encrypt(SrtpSuite.AesCm128HmacSha1Tag80);
        var (a, b) = (one.Talking(alice), two.Talking(bob));
        a.BridgeInner(b.OpenInner());
        b.BridgeInner(a.OpenInner());
        await bob.SendAsync(b);
        await alice.HearAsync(2, 1);
        await alice.SendAsync(a);
        await bob.HearAsync(1, 1);
        a.BridgeInner(tap.Address);
        await alice.SendAsync(a);
        Assert.Equal(1, (await tap.HearAsync()).First);
    }

    static byte Converted(byte mark, G711Law from, G711Law to)
    {
        byte[] frame = [mark];
        G711.Convert(frame, from, to);
        return frame[0];
    }

    static async Task<RtpHeader> HearAfterHoldAsync(TestPhone phone, byte mark)
    {
        while (true)
        {
            var (header, heard) = await phone.HearAsync();
            if (heard == mark) return header;
            Assert.Equal(TestPlane.HoldMark, heard);
        }
    }
}
