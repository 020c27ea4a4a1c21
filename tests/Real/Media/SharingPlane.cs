using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Media;

/// <summary>A plane on which one trunk has shown already that its phones have addresses of their own, and so may share ports.</summary>
sealed class SharingPlane : IAsyncDisposable
{
    const string Trunk = "carrier";

    readonly List<TestPhone> phones = [];

    public SharingPlane(Func<MediaPlaneOptions, MediaPlaneOptions>? change = null)
    {
        Plane = new TestPlane(change);
        for (var i = 0; i <= SharingRecord.Needed; i++)
        {
            phones.Add(new TestPhone(100));
            First.Add(Shared());
            First[^1].SetRemote(phones[^1].Remote());
        }
    }

    public TestPlane Plane { get; }

    /// <summary>The legs by whose answers the trunk has shown it, each on a port of its own.</summary>
    public List<MediaLeg> First { get; } = [];

    /// <summary>A leg that may share a port.</summary>
    public MediaLeg Shared()
    {
        var opening = Plane.Plane.Open(new MediaLegOptions { Ports = MediaPorts.Shared, Trunk = Trunk, OnEvent = Plane.Note });
        Assert.True(opening.IsOpen);
        return opening.Leg;
    }

    /// <summary>The phone answers, with ample grant.</summary>
    public static void Answer(MediaLeg leg, TestPhone phone)
    {
        leg.SetRemote(phone.Remote());
        leg.SetGrant(TimeSpan.FromHours(1));
        leg.StartClock();
    }

    /// <summary>A leg whose phone has answered and was heard.</summary>
    public async Task<MediaLeg> TalkingAsync(TestPhone phone, bool shared = true)
    {
        var leg = shared ? Shared() : Plane.Open();
        Answer(leg, phone);
        await phone.SendAsync(leg);
        await Plane.LatchedAsync(leg);
        return leg;
    }

    /// <summary>Time passes; the media thread has seen it.</summary>
    public async Task JumpAsync(TimeSpan by)
    {
        Plane.Clock.Jump(by);
        await Plane.RoundAsync();
    }

    /// <summary>Waits until the plane has dropped so many packets for a reason.</summary>
    public Task DroppedAsync(MediaDrop reason, long count) => Waiting.UntilAsync(
        $"{count} packets to be dropped for {reason}", TimeSpan.FromSeconds(5), () => Plane.Plane.Totals.Sum(total => total.DroppedFor(reason)) >= count);

    public async ValueTask DisposeAsync()
    {
        await Plane.DisposeAsync();
        foreach (var phone in phones) phone.Dispose();
    }
}
