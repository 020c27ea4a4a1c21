using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Media;

/// <summary>Legs that share ports: who is heard, who is not, and who gets a port of its own.</summary>
public sealed class SharedPortTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Legs_share_a_port_once_their_trunk_has_shown_that_its_phones_have_addresses_of_their_own()
    {
        await using var test = new SharingPlane();
        Assert.Equal(test.First.Count, test.First.Select(leg => leg.LocalEndPoint.Port).Distinct().Count());
        using TestPhone alice = new(1), bob = new(2), carol = new(3), dave = new(4);
        var a = await test.TalkingAsync(alice);
        var b = await test.TalkingAsync(bob);
        var c = await test.TalkingAsync(carol);
        var d = await test.TalkingAsync(dave);
        Assert.Single(new[] { a, b, c, d }.Select(leg => leg.LocalEndPoint.Port).Distinct());

        a.Bridge(b);
        c.Bridge(d);
        for (var i = 0; i < 20; i++)
        {
            await alice.SendAsync(a);
            await dave.SendAsync(d);
            await bob.SendAsync(b);
            await carol.SendAsync(c);
        }

        await bob.HearAsync(1, 20);
        await carol.HearAsync(4, 20);
        await alice.HearAsync(2, 20);
        await dave.HearAsync(3, 20);
    }

    [Fact]
    public async Task After_a_lost_BYE_the_old_phone_talks_on_and_not_one_packet_crosses_over_to_the_next_leg_on_its_port()
    {
        await using var test = new SharingPlane(options => options with { Quarantine = TimeSpan.FromSeconds(60) });
        using TestPhone old = new(1), next = new(2), listener = new(3);
        var a = await test.TalkingAsync(old);
        var port = a.LocalEndPoint;
        await a.CloseAsync();

        var b = await test.TalkingAsync(next);
        var c = await test.TalkingAsync(listener);
        Assert.Equal((port, port), (b.LocalEndPoint, c.LocalEndPoint));
        b.Bridge(c);
        for (var second = 0; second < 200; second++)
        {
            await old.SendAsync(port);
            await next.SendAsync(b);
            await listener.HearAsync(2, 1);
            if (second % 10 == 0) await test.JumpAsync(TimeSpan.FromSeconds(1));
        }

        await test.DroppedAsync(MediaDrop.Ended, 200);
        Assert.True(listener.HasHeardNothing && next.HasHeardNothing);
    }

    [Fact]
    public async Task A_leg_that_was_not_heard_before_the_old_phone_spoke_does_not_take_it_for_its_own()
    {
        await using var test = new SharingPlane(options => options with { Quarantine = TimeSpan.FromSeconds(60) });
        using TestPhone old = new(1), next = new(2);
        var a = await test.TalkingAsync(old);
        await a.CloseAsync();
        var b = test.Shared();
        Assert.Equal(a.LocalEndPoint, b.LocalEndPoint);
        SharingPlane.Answer(b, next);
        for (var i = 0; i < 20; i++) await old.SendAsync(b);
        await test.DroppedAsync(MediaDrop.Ended, 20);
        Assert.Equal(0, b.Statistics.PacketsIn);
        await next.SendAsync(b);
        await test.Plane.LatchedAsync(b);
        Assert.Equal(1, b.Statistics.PacketsIn);
    }

    [Fact]
    public async Task Two_legs_whose_phones_say_one_address_are_never_on_one_port()
    {
        await using var test = new SharingPlane();
        using TestPhone one = new(1), listener = new(3);
        var a = await test.TalkingAsync(one);
        var b = test.Shared();
        Assert.Equal(a.LocalEndPoint, b.LocalEndPoint);
        SharingPlane.Answer(b, one);
        Assert.Same(b, (await test.Plane.NextAsync(MediaLegEventKind.AddressTaken)).Leg);
        b.Hold();
        var c = await test.TalkingAsync(listener, shared: false);
        a.Bridge(c);
        await one.SendAsync(a);
        await listener.HearAsync(1, 1);
        Assert.True(one.HasHeardNothing);
        Assert.Equal(0, b.Statistics.PacketsIn);

        // The trunk has lost the trust: its next legs get ports of their own.
        Assert.NotEqual(test.Shared().LocalEndPoint, a.LocalEndPoint);
    }

    [Fact]
    public async Task While_a_leg_rings_the_next_one_gets_another_port_and_beyond_the_shared_ones_its_own()
    {
        await using var test = new SharingPlane(options => options with { SharedPorts = 2 });
        var legs = Enumerable.Range(0, 4).Select(_ => test.Shared()).ToList();
        Assert.Equal(4, legs.Select(leg => leg.LocalEndPoint.Port).Distinct().Count());
        using TestPhone alice = new(1), bob = new(2);
        foreach (var (leg, phone) in legs.Zip(new[] { alice, bob }))
        {
            SharingPlane.Answer(leg, phone);
            await phone.SendAsync(leg);
            await test.Plane.LatchedAsync(leg);
        }

        Assert.Contains(test.Shared().LocalEndPoint.Port, legs.Take(2).Select(leg => leg.LocalEndPoint.Port));
    }

    [Fact]
    public async Task A_flood_from_one_source_is_cut_down_to_the_limit_and_hurts_no_other_leg_on_its_port()
    {
        await using var test = new SharingPlane(options => options with { SourceRate = 100 });
        using TestPhone flooder = new(1), alice = new(2), bob = new(3);
        using var stranger = new TestPhone(9);
        var f = await test.TalkingAsync(flooder);
        var a = await test.TalkingAsync(alice);
        var b = await test.TalkingAsync(bob);
        Assert.Equal((f.LocalEndPoint, f.LocalEndPoint), (a.LocalEndPoint, b.LocalEndPoint));
        a.Bridge(b);
        var flood = FloodAsync();
        for (var i = 0; i < 50; i++)
        {
            await alice.SendAsync(a);
            await bob.HearAsync(2, 1);
        }

        await flood;
        await test.DroppedAsync(MediaDrop.Stranger, 1000);
        Assert.True(f.Statistics.DroppedFor(MediaDrop.SourceRate) > 1000, $"{f.Statistics}");
        Assert.Equal((50, 0L), (b.Statistics.RelayedOut, a.Statistics.DroppedFor(MediaDrop.SourceRate)));

        async Task FloodAsync()
        {
            await Task.Yield();
            for (var i = 0; i < 20_000; i++) await (i % 2 == 0 ? flooder : stranger).SendAsync(f.LocalEndPoint);
        }
    }

    [Fact]
    public async Task A_shared_port_without_a_leg_goes_back_to_the_pool_when_it_is_silent()
    {
        await using var test = new SharingPlane(options => options with { Quarantine = TimeSpan.FromMilliseconds(1500) });
        using var alice = new TestPhone(1);
        var free = test.Plane.Plane.FreePorts;
        var a = await test.TalkingAsync(alice);
        Assert.Equal(free - 1, test.Plane.Plane.FreePorts);
        await a.CloseAsync();
        Assert.Equal((free - 1, 1), (test.Plane.Plane.FreePorts, test.Plane.Plane.QuarantinedPorts));
        await test.JumpAsync(TimeSpan.FromSeconds(1));
        await test.JumpAsync(TimeSpan.FromSeconds(1));
        await Waiting.UntilAsync("the port to come back", Patience, () => test.Plane.Plane.FreePorts == free);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connected_port_hears_its_party_alone_and_follows_a_new_SDP(bool managed)
    {
        await using var test = new TestPlane(options => options with { ManagedSockets = managed });
        using TestPhone before = new(1), after = new(2), stranger = new(3);
        var a = test.Plane.Open(new MediaLegOptions { Ports = MediaPorts.Connected, OnEvent = test.Note }).Leg!;
        a.SetRemote(before.Remote());
        a.SetGrant(TimeSpan.FromMinutes(1));
        a.StartClock();
        await before.SendAsync(a);
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        await stranger.SendAsync(a);
        a.Hold();
        await before.HearAsync(TestPlane.HoldMark, 2);

        a.SetRemote(after.Remote());
        await test.RoundAsync(); // until then the kernel keeps it off
        await after.SendAsync(a);
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        await after.HearAsync(TestPlane.HoldMark, 2);
        var statistics = await a.CloseAsync();
        Assert.Equal((2L, managed || !OperatingSystem.IsLinux() ? 1L : 0L), (statistics.PacketsIn, statistics.DroppedFor(MediaDrop.Stranger)));
    }

    [Fact]
    public async Task The_plane_takes_so_many_legs_and_refuses_the_next_without_hurting_them()
    {
        await using var test = new TestPlane(options => options with { MaxLegs = 2 });
        using var alice = new TestPhone(1);
        var a = test.Talking(alice);
        test.Open();
        Assert.False(test.Plane.Open(new MediaLegOptions()).IsOpen);
        a.Hold();
        await alice.HearAsync(TestPlane.HoldMark, 2);
        await a.CloseAsync();
        Assert.True(test.Plane.Open(new MediaLegOptions()).IsOpen);
    }
}
