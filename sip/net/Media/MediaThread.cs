using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>One loop of the plane with what its legs share.</summary>
sealed class MediaThread : IDisposable
{
    readonly HashSet<LegRelay> legs = [];
    int openLegs;
    volatile bool suspended;

    public MediaThread(string name, MediaPlaneOptions options, PortPool pool, TimeProvider? clock, Action<TimeSpan> onGap)
    {
        // A thread that was stopped may wake up after its calls were taken over: it must not send before somebody has looked.
        Loop = new RtpLoop(name, clock, gap =>
        {
            suspended = true;
            onGap(gap);
        }, options.ManagedSockets);
        Shelf = new PortShelf(this, pool, options);
        SourceRate = options.SourceRate;
    }

    public RtpLoop Loop { get; }

    public PortShelf Shelf { get; }

    /// <summary>Whose the sources of all its ports are.</summary>
    public PortClaims<LegRelay> Claims { get; } = new();

    /// <summary>Packets a second that one source may send.</summary>
    public int SourceRate { get; }

    public MediaCounters Totals { get; } = new(null);

    /// <summary>Where generated frames are put together.</summary>
    public byte[] Frame { get; } = new byte[RtpHeader.Size + (60 * G711.SamplesPerMillisecond)];

    /// <summary>What all encrypted legs of the thread work in.</summary>
    public SrtpWorkspace Srtp { get; } = new();

    public bool IsSuspended => suspended;

    public int OpenLegs => Volatile.Read(ref openLegs);

    public void Resume() => Loop.Post(() => suspended = false);

    /// <summary>Counted at once, so that the next opening sees it; served as soon as the loop gets to it.</summary>
    public void Begin(LegRelay leg)
    {
        Interlocked.Increment(ref openLegs);
        Loop.Post(() => legs.Add(leg));
    }

    public void End(LegRelay leg)
    {
        if (legs.Remove(leg)) Interlocked.Decrement(ref openLegs);
    }

    public void Dispose()
    {
        Loop.Dispose();
        foreach (var leg in legs) leg.Abandon();
        Shelf.Dispose();
    }
}
