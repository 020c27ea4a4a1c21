using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Media;

public sealed class MediaGrantEnforcementTests
{
    static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task Hold_audio_stops_at_the_end_of_the_grant_by_itself()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        var a = test.Open();
        a.SetRemote(alice.Remote());
        a.Hold();
        a.SetGrant(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(250));
        var answered = test.Plane.Now;
        a.StartClock();

        // Frames are 20 ms apart, so their number says when the last one left, however late this test gets to run.
        var heard = await alice.HearToTheEndAsync(Silence);
        Assert.InRange(heard, 5, 21);
        var low = await test.NextAsync(MediaLegEventKind.GrantLow);
        var ended = await test.NextAsync(MediaLegEventKind.GrantEnded);
        Assert.InRange((low.At - answered).TotalMilliseconds, 150, 400);
        Assert.InRange((ended.At - answered).TotalMilliseconds, 400, 2000);
        Assert.Equal(heard, (await a.CloseAsync()).PacketsOut);
    }

    [Fact]
    public async Task Forwarding_stops_both_ways_when_the_grant_of_one_leg_ends()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Open();
        a.SetRemote(alice.Remote());
        a.SetGrant(TimeSpan.FromSeconds(10));
        a.StartClock();
        var b = test.Talking(bob, near: a);
        a.Bridge(b);
        await alice.SendAsync(a);
        await bob.SendAsync(b);
        await alice.HearAsync(2, 1);
        await bob.HearAsync(1, 1);

        await JumpInStepsAsync(test, TimeSpan.FromSeconds(10));
        await NextIgnoringLatchAsync(test);
        await alice.SendAsync(a);
        await bob.SendAsync(b);
        a.SetGrant(TimeSpan.FromHours(1));
        await bob.SendAsync(b);
        await Waiting.UntilAsync("the packets after the grant to be dropped", TimeSpan.FromSeconds(5), () =>
            a.Statistics.DroppedFor(MediaDrop.Grant) + b.Statistics.DroppedFor(MediaDrop.Grant) == 3);
        Assert.True(alice.HasHeardNothing && bob.HasHeardNothing);
    }

    [Fact]
    public async Task Nothing_is_played_before_the_answer()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        var a = test.Open();
        a.SetRemote(alice.Remote());
        a.Hold();
        a.SetGrant(TimeSpan.FromSeconds(10));
        Assert.Equal(0, await alice.HearToTheEndAsync(TimeSpan.FromMilliseconds(100)));
        a.StartClock();
        await alice.HearAsync(TestPlane.HoldMark, 2);
    }

    [Fact]
    public async Task An_extension_in_time_keeps_the_audio_up()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        var a = test.Open();
        a.SetRemote(alice.Remote());
        a.Hold();
        a.SetGrant(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(150));
        a.StartClock();
        await test.NextAsync(MediaLegEventKind.GrantLow);
        a.SetGrant(TimeSpan.FromMilliseconds(400));
        a.SetGrant(TimeSpan.FromMilliseconds(1));
        Assert.InRange(await alice.HearToTheEndAsync(Silence), 11, 21);
    }

    [Fact]
    public async Task After_a_gap_in_the_clock_nothing_is_sent_until_somebody_has_looked()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        var gaps = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Plane.ClockGap += gap => gaps.TrySetResult(gap);
        var a = test.Talking(alice);
        a.Hold();
        await alice.HearAsync(TestPlane.HoldMark, 2);

        test.Clock.Jump(TimeSpan.FromSeconds(3));
        Assert.InRange((await gaps.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken)).TotalSeconds, 3, 5);
        Assert.True(test.Plane.IsSuspended);
        await alice.HearToTheEndAsync(TimeSpan.FromMilliseconds(50));
        Assert.Equal(0, await alice.HearToTheEndAsync(TimeSpan.FromMilliseconds(100)));
        await alice.SendAsync(a);
        await Waiting.UntilAsync("the packet of the suspended leg to be dropped", TimeSpan.FromSeconds(5), () => a.Statistics.DroppedFor(MediaDrop.Suspended) == 1);

        test.Plane.Resume();
        await alice.HearAsync(TestPlane.HoldMark, 2);
        Assert.False(test.Plane.IsSuspended);
    }

    /// <summary>A jump that the loop must not take for a stopped process: it sees each step on its own.</summary>
    static async Task JumpInStepsAsync(TestPlane test, TimeSpan by)
    {
        for (var left = by; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            test.Clock.Jump(TimeSpan.FromSeconds(1));
            await test.RoundAsync();
        }
    }

    static async Task NextIgnoringLatchAsync(TestPlane test)
    {
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        await test.NextAsync(MediaLegEventKind.GrantEnded);
    }
}
