using System.Net.Sockets;
using System.Threading.Channels;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Media;

/// <summary>A media plane on ports of its own, with its events as something to wait for, on a clock that can jump.</summary>
sealed class TestPlane : IAsyncDisposable
{
    static int nextPort = 10_000 + (100 * Random.Shared.Next(60));

    readonly Channel<MediaLegEvent> events = Channel.CreateUnbounded<MediaLegEvent>();

    public TestPlane(Func<MediaPlaneOptions, MediaPlaneOptions>? change = null)
    {
        var first = Interlocked.Add(ref nextPort, 100);
        var options = new MediaPlaneOptions
        {
            FirstPort = first,
            LastPort = first + 99,
            Quarantine = TimeSpan.Zero,
            UnheardQuarantine = TimeSpan.Zero,
            HoldAudio = new HoldAudio(AudioClip.FromSamples([HoldMark], G711Law.Mu)),
        };
        Plane = new MediaPlane(change?.Invoke(options) ?? options, Clock);
    }

    public const byte HoldMark = 200;

    public MediaPlane Plane { get; }

    public JumpingClock Clock { get; } = new();

    /// <summary>A leg with ample grant whose party is the given phone.</summary>
    public MediaLeg Talking(TestPhone phone, MediaFormat? format = null, MediaLeg? near = null)
    {
        var leg = Open(near, phone.Address.AddressFamily);
        leg.SetRemote(phone.Remote(format));
        leg.SetGrant(TimeSpan.FromMinutes(10));
        leg.StartClock();
        return leg;
    }

    public MediaLeg Open(MediaLeg? near = null, AddressFamily? family = null)
    {
        var opening = Plane.Open(new MediaLegOptions { Near = near, Family = family, OnEvent = Note });
        Assert.True(opening.IsOpen);
        return opening.Leg;
    }

    /// <summary>Takes an event of a leg that a test opens by itself.</summary>
    public void Note(MediaLegEvent happened) => events.Writer.TryWrite(happened);

    /// <summary>The next event is that the leg's source is known.</summary>
    public async Task LatchedAsync(MediaLeg leg) => Assert.Same(leg, (await NextAsync(MediaLegEventKind.SourceLatched)).Leg);

    public async Task<MediaLegEvent> NextAsync(MediaLegEventKind kind)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        var happened = await events.Reader.ReadAsync(limit.Token);
        Assert.Equal(kind, happened.Kind);
        return happened;
    }

    /// <summary>The next event but for those of one kind.</summary>
    public async Task<MediaLegEvent> NextIgnoringAsync(MediaLegEventKind ignored, MediaLegEventKind kind)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        MediaLegEvent happened;
        do happened = await events.Reader.ReadAsync(limit.Token);
        while (happened.Kind == ignored);
        Assert.Equal(kind, happened.Kind);
        return happened;
    }

    public bool HasNoEvent => events.Reader.Count == 0;

    /// <summary>The events that nobody has read.</summary>
    public IReadOnlyList<MediaLegEvent> EventsLeft
    {
        get
        {
            var left = new List<MediaLegEvent>();
            while (events.Reader.TryRead(out var happened)) left.Add(happened);
            return left;
        }
    }

    /// <summary>Returns when the media threads have handled all packets and calls from before: a leg's life takes at most half a round.</summary>
    public async Task RoundAsync()
    {
        for (var i = 0; i < 4; i++) await Plane.Open(new MediaLegOptions()).Leg!.CloseAsync();
    }

    public ValueTask DisposeAsync() => Plane.DisposeAsync();
}

/// <summary>The system's monotonic clock plus what a test added.</summary>
sealed class JumpingClock : TimeProvider
{
    long ahead;

    public void Jump(TimeSpan by) => Interlocked.Add(ref ahead, (long)(by.TotalSeconds * TimestampFrequency));

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref ahead);
}
