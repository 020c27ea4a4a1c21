using System.Net.Sockets;
using System.Net;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Media;

public sealed class MediaPortTests
{
    [Fact]
    public async Task An_exhausted_pool_refuses_and_hurts_no_live_leg()
    {
        await using var test = new TestPlane(options => options with { LastPort = options.FirstPort + 3 });
        using var alice = new TestPhone(1);
        var a = test.Talking(alice);
        a.Hold();
        var legs = 1;
        while (test.Plane.Open(new MediaLegOptions()).IsOpen) legs++;
        Assert.InRange(legs, 1, 2);
        Assert.Equal(legs, test.Plane.OpenLegs);
        await alice.HearAsync(TestPlane.HoldMark, 3);

        await a.CloseAsync();
        Assert.True(test.Plane.Open(new MediaLegOptions()).IsOpen);
    }

    [Fact]
    public async Task Ports_are_even_come_back_and_nothing_stays_open()
    {
        await using var test = new TestPlane();
        var legs = Enumerable.Range(0, 20).Select(_ => test.Open()).ToList();
        Assert.All(legs, leg => Assert.Equal(0, leg.LocalEndPoint.Port % 2));
        Assert.Equal((20, test.Plane.Ports - 20), (test.Plane.OpenLegs, test.Plane.FreePorts));
        await Task.WhenAll(legs.Select(leg => leg.CloseAsync()));
        Assert.Equal((0, test.Plane.Ports, 0), (test.Plane.OpenLegs, test.Plane.FreePorts, test.Plane.QuarantinedPorts));
        Assert.All(legs, leg => Assert.Equal(MediaLegState.Closed, leg.State));
    }

    [Fact]
    public async Task A_port_does_not_come_back_while_its_old_source_still_sends()
    {
        await using var test = new TestPlane(options => options with { Quarantine = TimeSpan.FromMilliseconds(1500) });
        using var alice = new TestPhone(1);
        var a = test.Talking(alice);
        await alice.SendAsync(a);
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        await a.CloseAsync();
        Assert.Equal((0, 1, test.Plane.Ports - 1), (test.Plane.OpenLegs, test.Plane.QuarantinedPorts, test.Plane.FreePorts));

        test.Clock.Jump(TimeSpan.FromSeconds(1));
        await alice.SendAsync(a);
        await test.RoundAsync();
        test.Clock.Jump(TimeSpan.FromSeconds(1));
        await test.RoundAsync();
        Assert.Equal(1, test.Plane.QuarantinedPorts);
        while (test.Plane.Open(new MediaLegOptions()) is { IsOpen: true } other) Assert.NotEqual(a.LocalEndPoint, other.Leg.LocalEndPoint);

        test.Clock.Jump(TimeSpan.FromSeconds(1));
        await Waiting.UntilAsync("the quarantine to end", TimeSpan.FromSeconds(5), () => test.Plane.QuarantinedPorts == 0);
        Assert.Equal(a.LocalEndPoint, test.Open().LocalEndPoint);
    }

    [Fact]
    public async Task Ports_that_another_program_holds_are_passed_over()
    {
        await using var test = new TestPlane();
        var (taken, above) = (FirstPortOf(test), FirstPortOf(test) + 3);
        using var rtp = new UdpClient(new IPEndPoint(IPAddress.Loopback, taken));
        using var rtcp = new UdpClient(new IPEndPoint(IPAddress.Loopback, above));
        var leg = test.Open();
        Assert.DoesNotContain(leg.LocalEndPoint.Port, new[] { taken, above - 1 });
        await leg.CloseAsync();
        Assert.Equal(test.Plane.Ports, test.Plane.FreePorts);
    }

    [Fact]
    public async Task A_plane_that_goes_away_ends_its_legs()
    {
        var test = new TestPlane();
        var a = test.Open();
        await test.DisposeAsync();
        await a.CloseAsync().WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        using var again = new UdpClient(a.LocalEndPoint);
        Assert.Throws<ObjectDisposedException>(() => test.Plane.Open(new MediaLegOptions()));
    }

    [Fact]
    public void A_range_without_a_port_is_refused_with_words() =>
        Assert.Contains("40000-40000", Assert.Throws<ArgumentException>(
            () => new MediaPlane(new MediaPlaneOptions { FirstPort = 40000, LastPort = 40000 })).Message, StringComparison.Ordinal);

    static int FirstPortOf(TestPlane test)
    {
        var probe = test.Open();
        probe.CloseAsync().Wait();
        return probe.LocalEndPoint.Port + 2;
    }
}
