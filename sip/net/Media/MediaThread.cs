using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>One loop of the plane with what its legs share.</summary>
sealed class MediaThread : IDisposable
{
    readonly HashSet<MediaPort> ports = [];
    readonly HashSet<LegRelay> legs = [];
    int openLegs;
    int openPorts;
    volatile bool suspended;

    public MediaThread(string name, TimeProvider? clock, Action<TimeSpan> onGap, bool managed)
    {
        // A thread that was stopped may wake up after its calls were taken over: it must not send before somebody has looked.
        Loop = new RtpLoop(name, clock, gap =>
        {
            suspended = true;
            onGap(gap);
        }, managed);
    }

    public RtpLoop Loop { get; }

    public MediaCounters Totals { get; } = new(null);

    /// <summary>Where generated frames are put together.</summary>
    public byte[] Frame { get; } = new byte[RtpHeader.Size + (60 * G711.SamplesPerMillisecond)];

    /// <summary>What all encrypted legs of the thread work in.</summary>
    public SrtpWorkspace Srtp { get; } = new();

    public bool IsSuspended => suspended;

    public int OpenLegs => Volatile.Read(ref openLegs);

    public int QuarantinedPorts => Volatile.Read(ref openPorts) - OpenLegs;

    public void Resume() => Loop.Post(() => suspended = false);

    /// <summary>Counted at once, so that the next opening sees it; served as soon as the loop gets to it.</summary>
    public void Begin(LegRelay leg, MediaPort port)
    {
        Interlocked.Increment(ref openLegs);
        Interlocked.Increment(ref openPorts);
        Loop.Post(() =>
        {
            legs.Add(leg);
            ports.Add(port);
            port.Begin(leg);
        });
    }

    public void End(LegRelay leg)
    {
        if (legs.Remove(leg)) Interlocked.Decrement(ref openLegs);
    }

    public void Forget(MediaPort port)
    {
        Loop.Remove(port);
        if (ports.Remove(port)) Interlocked.Decrement(ref openPorts);
    }

    public void Dispose()
    {
        Loop.Dispose();
        foreach (var leg in legs) leg.Abandon();
        foreach (var port in ports) port.Dispose();
    }
}
