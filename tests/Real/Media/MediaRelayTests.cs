using System.Net;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Media;

public sealed class MediaRelayTests
{
    [Theory]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "127.0.0.1")]
    [InlineData(false, "::1")]
    [InlineData(true, "::1")]
    public async Task Two_phones_hear_exactly_each_other(bool managed, string host)
    {
        var address = IPAddress.Parse(host);
        await using var test = new TestPlane(options => options with { ManagedSockets = managed, Addresses = [new(address)] });
        Assert.Equal(managed || !OperatingSystem.IsLinux() ? "managed" : "epoll", test.Plane.Backend);
        using var alice = new TestPhone(1, address);
        using var bob = new TestPhone(2, address);
        var a = test.Talking(alice);
        var b = test.Talking(bob, near: a);
        a.Bridge(b);
        await TalkAsync(alice, a, bob, b, 10);

        var statistics = await a.CloseAsync();
        Assert.Equal((10, 10, 0, 10 * 172, 10 * 172),
            (statistics.PacketsIn, statistics.RelayedOut, statistics.HoldPacketsOut, statistics.BytesIn, statistics.BytesOut));
        Assert.All(statistics.Dropped, count => Assert.Equal(0, count));
        Assert.True(alice.HasHeardNothing && bob.HasHeardNothing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_phone_on_IPv4_and_one_on_IPv6_hear_each_other_on_one_plane(bool managed)
    {
        await using var test = new TestPlane(options => options with { ManagedSockets = managed, Addresses = [new(IPAddress.Loopback), new(IPAddress.IPv6Loopback)] });
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2, IPAddress.IPv6Loopback);
        var a = test.Talking(alice);
        var b = test.Talking(bob, near: a);
        Assert.Equal((IPAddress.Loopback, IPAddress.IPv6Loopback), (a.LocalEndPoint.Address, b.LocalEndPoint.Address));
        a.Bridge(b);
        await TalkAsync(alice, a, bob, b, 3);
        // An address that the leg's socket cannot reach: nothing is sent, to no other host that its lowest 32 bits would name either.
        b.SetRemote(alice.Remote());
        await alice.SendAsync(a);
        await Waiting.UntilAsync("the frame to be dropped", TimeSpan.FromSeconds(5), () => a.Statistics.DroppedFor(MediaDrop.NotBridged) == 1);
        Assert.True(alice.HasHeardNothing && bob.HasHeardNothing);
    }

    [Fact]
    public async Task Legs_on_two_threads_are_bridged_all_the_same()
    {
        await using var test = new TestPlane(options => options with { Threads = 2 });
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var (a, b) = (test.Talking(alice), test.Talking(bob));
        a.Bridge(b);
        await TalkAsync(alice, a, bob, b, 3);
    }

    [Fact]
    public async Task Legs_of_two_silos_are_bridged_by_their_inner_addresses_and_nobody_else_is_heard_there()
    {
        await using var one = new TestPlane();
        await using var two = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        using var stranger = new TestPhone(3);
        var (a, b) = (one.Talking(alice), two.Talking(bob, new MediaFormat(G711Law.Mu, 96)));
        a.BridgeInner(b.OpenInner());
        b.BridgeInner(a.OpenInner());
        await stranger.SendAsync(b.OpenInner());
        await bob.SendAsync(b, payloadType: 96);
        await alice.HearAsync(2, 1);
        await alice.SendAsync(a);
        Assert.Equal(96, (await bob.HearAsync(1, 1)).PayloadType);
        Assert.Equal(1, (await b.CloseAsync()).DroppedFor(MediaDrop.Stranger));
    }

    [Fact]
    public async Task A_phone_on_PCMU_and_one_on_PCMA_understand_each_other()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(0x10);
        using var bob = new TestPhone(0x20);
        var a = test.Talking(alice);
        var b = test.Talking(bob, MediaFormat.Pcma, a);
        a.Bridge(b);
        byte[] asA = [0x10], asMu = [0x20];
        G711.Convert(asA, G711Law.Mu, G711Law.A);
        G711.Convert(asMu, G711Law.A, G711Law.Mu);
        await alice.SendAsync(a);
        Assert.Equal(8, (await bob.HearAsync(asA[0], 1)).PayloadType);
        await bob.SendAsync(b, payloadType: 8);
        Assert.Equal(0, (await alice.HearAsync(asMu[0], 1)).PayloadType);
    }

    [Fact]
    public async Task From_hold_to_bridge_and_back_the_listener_hears_one_stream()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice);
        var b = test.Talking(bob, near: a);
        a.Hold();
        var start = await alice.HearAsync(TestPlane.HoldMark, 3);
        Assert.True(start.Marker);

        a.Bridge(b);
        await bob.SendAsync(b);
        var switched = await HearAfterHoldAsync(alice);
        Assert.True(switched.Marker);
        Assert.Equal(start.Ssrc, switched.Ssrc);
        Assert.InRange(switched.Sequence - start.Sequence, 3, 10);
        Assert.InRange(switched.Timestamp - start.Timestamp, 3 * 160u, 8000u);

        a.Hold();
        var back = await alice.HearAsync(TestPlane.HoldMark, 2);
        Assert.Equal((switched.Ssrc, (ushort)(switched.Sequence + 1), true), (back.Ssrc, back.Sequence, back.Marker));
        await b.CloseAsync();
        Assert.Equal(MediaLegState.Closed, b.State);
    }

    [Fact]
    public async Task A_party_that_is_sendonly_hears_nothing()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice);
        var b = test.Talking(bob, near: a);
        a.Bridge(b);
        a.SetRemote(alice.Remote() with { Receives = false });
        await bob.SendAsync(b);
        await alice.SendAsync(a);
        await bob.HearAsync(1, 1);
        await Waiting.UntilAsync("bob's packet to be dropped", TimeSpan.FromSeconds(5), () => b.Statistics.DroppedFor(MediaDrop.NotBridged) == 1);
        Assert.True(alice.HasHeardNothing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_system_does_not_take_is_counted_and_keeps_nobody_waiting(bool managed)
    {
        await using var test = new TestPlane(options => options with { ManagedSockets = managed });
        using var alice = new TestPhone(1);
        var (nowhere, a) = (test.Talking(alice), test.Talking(alice));
        nowhere.SetRemote(new MediaRemote(new IPEndPoint(IPAddress.Broadcast, 4000), MediaFormat.Pcmu)); // EACCES, ip(7)
        nowhere.Hold();
        a.Hold();
        await alice.HearAsync(TestPlane.HoldMark, 10);
        await Waiting.UntilAsync("frames to be refused", TimeSpan.FromSeconds(5), () => nowhere.Statistics.DroppedFor(MediaDrop.SendFailed) >= 10);
        var (refused, heard) = (await nowhere.CloseAsync(), await a.CloseAsync());
        Assert.Equal((0, 0L), (refused.PacketsOut, refused.BytesOut));
        Assert.Equal(0, heard.DroppedFor(MediaDrop.SendFailed));
    }

    static async Task<RtpHeader> HearAfterHoldAsync(TestPhone phone)
    {
        while (true)
        {
            var (header, mark) = await phone.HearAsync();
            if (mark != TestPlane.HoldMark) return header;
        }
    }

    static async Task TalkAsync(TestPhone alice, MediaLeg a, TestPhone bob, MediaLeg b, int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            await alice.SendAsync(a);
            await bob.SendAsync(b);
        }

        await bob.HearAsync(1, packets);
        await alice.HearAsync(2, packets);
    }
}
