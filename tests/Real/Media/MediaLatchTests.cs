using System.Net;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Media;

public sealed class MediaLatchTests
{
    [Fact]
    public async Task The_first_source_is_taken_and_everybody_after_it_is_a_stranger()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var stranger = new TestPhone(3);
        var a = test.Talking(alice);
        await alice.SendAsync(a);
        Assert.Same(a, (await test.NextAsync(MediaLegEventKind.SourceLatched)).Leg);
        for (var i = 0; i < 5; i++) await stranger.SendAsync(a);
        a.Hold();
        await alice.HearAsync(TestPlane.HoldMark, 2);

        var statistics = await a.CloseAsync();
        Assert.Equal((1, 5), (statistics.PacketsIn, statistics.DroppedFor(MediaDrop.Stranger)));
        Assert.True(stranger.HasHeardNothing);
    }

    [Fact]
    public async Task Audio_that_comes_before_the_SDP_is_dropped_and_takes_no_source()
    {
        await using var test = new TestPlane();
        using var early = new TestPhone(1);
        var a = test.Open();
        await early.SendAsync(a);
        await test.RoundAsync();
        var statistics = await a.CloseAsync();
        Assert.Equal((0, 1), (statistics.PacketsIn, statistics.DroppedFor(MediaDrop.NotBridged)));
    }

    [Fact]
    public async Task Another_port_of_the_described_address_is_taken_once_and_audio_goes_there()
    {
        await using var test = new TestPlane();
        using var described = new TestPhone(1);
        using var translated = new TestPhone(2);
        var a = test.Talking(described);
        await translated.SendAsync(a);
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        await described.SendAsync(a);
        a.Hold();
        await translated.HearAsync(TestPlane.HoldMark, 2);
        Assert.Equal(1, (await a.CloseAsync()).DroppedFor(MediaDrop.Stranger));
        Assert.True(described.HasHeardNothing);
    }

    [Fact]
    public async Task A_new_SDP_lets_another_source_in()
    {
        await using var test = new TestPlane();
        using var before = new TestPhone(1);
        using var after = new TestPhone(2);
        var a = test.Talking(before);
        await before.SendAsync(a);
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        a.SetRemote(after.Remote());
        await after.SendAsync(a);
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        await before.SendAsync(a);
        a.Hold();
        await after.HearAsync(TestPlane.HoldMark, 2);
        var statistics = await a.CloseAsync();
        Assert.Equal((2, 1), (statistics.PacketsIn, statistics.DroppedFor(MediaDrop.Stranger)));
    }

    [Theory]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    public async Task A_source_elsewhere_is_heard_only_from_the_networks_of_the_trunk(string network, bool heard)
    {
        await using var test = new TestPlane();
        using var phone = new TestPhone(1);
        var opening = test.Plane.Open(new MediaLegOptions { MediaNetworks = [IPNetwork.Parse(network)] });
        opening.Leg!.SetRemote(new MediaRemote(IPEndPoint.Parse("192.0.2.1:4000"), MediaFormat.Pcmu));
        await phone.SendAsync(opening.Leg);
        await test.RoundAsync();
        Assert.Equal(heard ? 1 : 0, (await opening.Leg.CloseAsync()).PacketsIn);
    }

    [Fact]
    public async Task What_is_not_RTP_or_was_not_negotiated_takes_no_source()
    {
        await using var test = new TestPlane();
        using var garbage = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var comfort = new TestPhone(2);
        using var alice = new TestPhone(1);
        var a = test.Talking(alice);
        garbage.Send([1, 2, 3], a.LocalEndPoint);
        await comfort.SendAsync(a, payloadType: 13);
        await alice.SendAsync(a);
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        var statistics = await a.CloseAsync();
        Assert.Equal((1, 1, 1), (statistics.PacketsIn, statistics.DroppedFor(MediaDrop.Malformed), statistics.DroppedFor(MediaDrop.PayloadType)));
    }
}
