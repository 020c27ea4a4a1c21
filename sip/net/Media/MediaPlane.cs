using System.Net;
using System.Security.Cryptography;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>RTP of all calls of a process: a pool of ports, dedicated threads, legs that hear hold audio or each other.</summary>
public sealed class MediaPlane : IAsyncDisposable
{
    readonly MediaPlaneOptions options;
    readonly PortPool pool;
    readonly MediaThread[] threads;
    readonly MediaAnnouncer announcer;
    readonly MediaMeter meter;
    readonly SharingBook sharing = new();
    volatile bool disposed;

    /// <summary>Starts the threads; no port is opened before the first leg.</summary>
    /// <param name="options">Addresses, ports, threads.</param>
    /// <param name="clock">Its timestamps are the plane's monotonic clock; null for the system's.</param>
    /// <exception cref="ArgumentException">An option is out of range; the text says which and what to write.</exception>
    public MediaPlane(MediaPlaneOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        pool = new PortPool(options.FirstPort, options.LastPort);
        announcer = new MediaAnnouncer(options.OnHandlerFailure);
        announcer.Start();
        threads = [.. Enumerable.Range(0, options.Threads).Select(i => new MediaThread($"media {i}", options, pool, clock, OnGap))];
        meter = new MediaMeter(this);
    }

    /// <summary>A loop of the plane noticed a gap of more than 2 s in its own clock: the process was stopped and its calls may have another
    /// owner. From then on nothing is sent until <see cref="Resume"/>. The value is the gap's length.</summary>
    public event Action<TimeSpan>? ClockGap;

    /// <summary>"epoll" or "managed": how the threads wait for and move packets.</summary>
    public string Backend => threads[0].Loop.Backend;

    /// <summary>Whether sockets that legs share get the room that they need when the thread is kept from them.</summary>
    public static bool HasFullBuffers => SocketBuffers.AreGranted();

    /// <summary>The monotonic clock that <see cref="MediaLegEvent.At"/> is on.</summary>
    public TimeSpan Now => threads[0].Loop.Now;

    /// <summary>Legs that were opened and not yet closed.</summary>
    public int OpenLegs => threads.Sum(thread => thread.OpenLegs);

    /// <summary>Ports that the next leg may get.</summary>
    public int FreePorts => pool.Free;

    /// <summary>Ports of ended legs whose old source has not been silent for long enough.</summary>
    public int QuarantinedPorts => threads.Sum(thread => thread.Shelf.Quarantined);

    /// <summary>Ports of the pool: free, in quarantine and in use.</summary>
    public int Ports => pool.Size;

    /// <summary>Whether the plane sends nothing because of <see cref="ClockGap"/>.</summary>
    public bool IsSuspended => Array.Exists(threads, thread => thread.IsSuspended);

    /// <summary>Counters since the start, one set per thread.</summary>
    public IReadOnlyList<MediaStatistics> Totals => [.. threads.Select(thread => thread.Totals.Read(thread.Loop.Now))];

    internal IPAddress InnerAddress => options.InnerAddress ?? options.Addresses[0].Bound;

    /// <summary>Opens a leg on a port of the pool, or refuses when there is none or <see cref="MediaPlaneOptions.MaxLegs"/> are up. Legs that are
    /// up are not touched by a refusal.</summary>
    public MediaOpening Open(MediaLegOptions legOptions)
    {
        ArgumentNullException.ThrowIfNull(legOptions);
        ObjectDisposedException.ThrowIf(disposed, this);
        if (OpenLegs >= options.MaxLegs) return MediaOpening.NoCapacity;
        var thread = legOptions.Near?.Thread ?? threads.MinBy(candidate => candidate.OpenLegs)!;
        var leg = new MediaLeg(this, thread, NewRelay, legOptions);
        var use = legOptions.Ports == MediaPorts.Shared && !sharing.MayShare(legOptions.Trunk, Now) ? MediaPorts.Own : legOptions.Ports;
        if (!thread.Shelf.TrySeat(leg.Relay, options.AddressOf(legOptions.Family), use)) return MediaOpening.NoCapacity;
        thread.Begin(leg.Relay);
        return new MediaOpening(leg);

        LegRelay NewRelay(MediaLeg owner) => new(
            owner, thread, new SourceLatch([.. legOptions.MediaNetworks.Select(network => new MediaNetwork(network))]),
            new SrtpSession(thread.Srtp), NewTimeline(), legOptions.HoldAudio ?? options.HoldAudio);
    }

    /// <summary>Sends again after <see cref="ClockGap"/>, once it is certain that the calls are still this process's.</summary>
    public void Resume()
    {
        foreach (var thread in threads) thread.Resume();
    }

    /// <summary>Ends all legs and threads and closes all sockets.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        meter.Dispose();
        foreach (var thread in threads) thread.Dispose();
        await announcer.DisposeAsync().ConfigureAwait(false);
    }

    internal SharingBook Sharing => sharing;

    internal void Announce(Action announcement) => announcer.Announce(announcement);

    void OnGap(TimeSpan gap) => announcer.Announce(() => ClockGap?.Invoke(gap));

    // Numbers begin in their lower half: a listener that decrypts may not miss all of them up to the first wrap (RFC 4568 section 6.4).
    static ListenerTimeline NewTimeline() => new(
        RandomNumberGenerator.GetBytes(4) is var random ? BitConverter.ToUInt32(random) : 0,
        (ushort)RandomNumberGenerator.GetInt32(short.MaxValue + 1), (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
}
