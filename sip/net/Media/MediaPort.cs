using System.Net.Sockets;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>A port of the pool while a leg uses it, and in quarantine after that: it stays open and listens until the old source is silent,
/// since a source that still sends would be heard by the next leg on this port.</summary>
sealed class MediaPort(MediaThread thread, PortPool pool, int number, Socket rtp, Socket rtcp, MediaPlaneOptions options) : RtpSocket(rtp)
{
    LegRelay? leg;
    SourceLatch? old;
    TimeSpan quietUntil;

    public bool IsQuarantined => leg is null;

    public void Begin(LegRelay user)
    {
        leg = user;
        thread.Loop.Add(this);
    }

    /// <summary>The leg has ended. RTCP's socket only kept its place during the call (nothing is read from it in this version).</summary>
    public void Quarantine(SourceLatch latch, TimeSpan? lastHeard, TimeSpan now)
    {
        leg = null;
        old = latch;
        rtcp.Dispose();
        quietUntil = now + options.LeastQuarantine;
        if (lastHeard is { } heard && heard + options.Quarantine > quietUntil) quietUntil = heard + options.Quarantine;
        if (quietUntil <= now) Release();
        else thread.Loop.Schedule(this, quietUntil);
    }

    protected internal override void OnPacket(Span<byte> datagram, MediaEndpoint source, TimeSpan now)
    {
        if (leg is not null) leg.OnPacket(datagram, source, now);
        else Extend(source, now);
    }

    protected internal override void OnTimer(TimeSpan now)
    {
        if (now >= quietUntil) Release();
        else thread.Loop.Schedule(this, quietUntil);
    }

    protected internal override void OnUnsent(MediaEndpoint to, int bytes) => leg?.Counters.Unsent(bytes);

    protected override void Dispose(bool disposing)
    {
        rtcp.Dispose();
        base.Dispose(disposing);
    }

    void Extend(MediaEndpoint source, TimeSpan now)
    {
        if (old!.Source == source || old.IsBelievable(source)) quietUntil = now + options.Quarantine;
        else if (old.Target is null && now + options.LeastQuarantine > quietUntil) quietUntil = now + options.LeastQuarantine;
    }

    void Release()
    {
        thread.Forget(this);
        Dispose();
        pool.Return(number);
    }
}
