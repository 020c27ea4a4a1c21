using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>A leg as its media thread knows it: who is heard, what is sent, for how long. Everything here runs on that thread.</summary>
sealed class LegRelay(MediaLeg leg, MediaThread thread, MediaPort port, SourceLatch latch, ListenerTimeline timeline, HoldAudio holdAudio)
{
    /// <summary>Frames sent in one go after a late wake-up; what is late by more is skipped.</summary>
    const int MostLateFrames = 3;

    readonly MediaGrant grant = new();
    readonly TaskCompletionSource<MediaStatistics> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    MediaFormat format = MediaFormat.Pcmu;
    bool receives;
    LegRelay? peer;
    InnerSocket? inner;
    TimeSpan nextFrame = RtpSocket.Never;
    long holdPosition;
    TimeSpan? lastHeard;

    public MediaCounters Counters { get; } = new(thread.Totals);

    public MediaLegState State { get; private set; }

    public Task<MediaStatistics> Ended => ended.Task;

    public void SetRemote(MediaEndpoint address, MediaFormat wanted, bool listens)
    {
        latch.Reset(address);
        format = wanted;
        receives = listens && !address.IsNowhere;
    }

    public void Hold()
    {
        if (!Leave()) return;
        State = MediaLegState.Hold;
        holdPosition = 0;
        nextFrame = thread.Loop.Now;
        Reschedule();
    }

    public void BeSilent()
    {
        if (Leave()) State = MediaLegState.Waiting;
    }

    public void Bridge(LegRelay other)
    {
        if (State == MediaLegState.Closed || other.State == MediaLegState.Closed) return;
        Leave();
        other.Leave();
        (peer, other.peer) = (other, this);
        State = other.State = MediaLegState.Bridged;
    }

    public void AddInner(InnerSocket socket)
    {
        inner = socket;
        if (State == MediaLegState.Closed) socket.Dispose();
        else thread.Loop.Add(socket);
    }

    public void BridgeInner(MediaEndpoint other)
    {
        if (!Leave()) return;
        inner!.Other = other;
        State = MediaLegState.Bridged;
    }

    public void SetGrant(TimeSpan sinceAnswer, TimeSpan lowThreshold)
    {
        if (grant.Extend(sinceAnswer, lowThreshold)) Reschedule();
    }

    public void StartClock(TimeSpan answeredAt)
    {
        grant.Start(answeredAt, TimeSpan.Zero);
        Reschedule();
    }

    public void Close()
    {
        if (!Leave()) return;
        State = MediaLegState.Closed;
        var now = thread.Loop.Now;
        if (inner is not null)
        {
            thread.Loop.Remove(inner);
            inner.Dispose();
        }

        thread.Loop.Schedule(port, RtpSocket.Never);
        thread.End(this);
        port.Quarantine(latch, lastHeard, now);
        ended.TrySetResult(Counters.Read(now));
    }

    /// <summary>The plane is gone, and the loop with it.</summary>
    public void Abandon()
    {
        State = MediaLegState.Closed;
        inner?.Dispose();
        ended.TrySetResult(Counters.Read(thread.Loop.Now));
    }

    public void OnTimer(TimeSpan now)
    {
        var news = grant.Check(now);
        if (news == GrantNews.Low) leg.Raise(MediaLegEventKind.GrantLow, now);
        else if (news == GrantNews.Ended) leg.Raise(MediaLegEventKind.GrantEnded, now);
        SendHoldFrames(now);
        Reschedule();
    }

    public void OnPacket(Span<byte> datagram, MediaEndpoint source, TimeSpan now)
    {
        if (Receive(datagram, source, now) is { } reason) Counters.Drop(reason);
    }

    public void OnInnerPacket(Span<byte> datagram, TimeSpan now)
    {
        if (ReceiveInner(datagram, now) is { } reason) Counters.Drop(reason);
    }

    MediaDrop? Receive(Span<byte> datagram, MediaEndpoint source, TimeSpan now)
    {
        if (!RtpPacket.TryParse(datagram, out var packet)) return MediaDrop.Malformed;
        if (latch.Target is null) return MediaDrop.NotBridged; // audio that is faster than the answer
        if (latch.Source is { } taken ? taken != source : !latch.IsBelievable(source)) return MediaDrop.Stranger;
        if (!format.TryRead(packet.Header.PayloadType, out var encoding)) return MediaDrop.PayloadType;
        if (latch.Source is null && latch.Accept(source)) leg.Raise(MediaLegEventKind.SourceLatched, now);
        Counters.In(datagram.Length, now);
        lastHeard = now;
        if (thread.IsSuspended) return MediaDrop.Suspended;
        if (!grant.Allows(now)) return MediaDrop.Grant;
        if (peer is not null) return peer.Relay(datagram, packet, encoding, now);
        return inner?.Other is { } other ? SendInner(datagram, packet, encoding, other) : MediaDrop.NotBridged;
    }

    MediaDrop? ReceiveInner(Span<byte> datagram, TimeSpan now)
    {
        if (!RtpPacket.TryParse(datagram, out var packet)) return MediaDrop.Malformed;
        if (!MediaFormat.Inner.TryRead(packet.Header.PayloadType, out var encoding)) return MediaDrop.PayloadType;
        return thread.IsSuspended ? MediaDrop.Suspended : Relay(datagram, packet, encoding, now);
    }

    /// <summary>Between silos every encoding has its own number, whatever the phones negotiated.</summary>
    MediaDrop? SendInner(Span<byte> datagram, in RtpPacket packet, RtpEncoding encoding, MediaEndpoint other)
    {
        (packet.Header with { PayloadType = encoding.OwnPayloadType() }).WriteOver(datagram);
        return thread.Loop.Send(inner!, datagram, other) ? null : MediaDrop.SendFailed;
    }

    /// <summary>Sends a packet of the other leg to this one's party.</summary>
    MediaDrop? Relay(Span<byte> datagram, in RtpPacket packet, RtpEncoding encoding, TimeSpan now)
    {
        if (!grant.Allows(now)) return MediaDrop.Grant;
        if (!receives || latch.Target is not { } target) return MediaDrop.NotBridged;
        var verdict = RelayRule.Rewrite(datagram, packet, encoding, format, timeline, now);
        if (verdict != RelayVerdict.Send) return verdict == RelayVerdict.Late ? MediaDrop.Late : MediaDrop.NotShared;
        if (!thread.Loop.Send(port, datagram, target)) return MediaDrop.SendFailed;
        Counters.Out(datagram.Length, hold: false);
        return null;
    }

    void SendHoldFrames(TimeSpan now)
    {
        if (nextFrame > now) return;
        var frame = TimeSpan.FromMilliseconds(format.SamplesPerPacket / (double)G711.SamplesPerMillisecond);
        for (var sent = 0; nextFrame <= now && sent < MostLateFrames; sent++)
        {
            SendHoldFrame(now);
            nextFrame += frame;
        }

        if (nextFrame <= now) nextFrame = now + frame;
    }

    void SendHoldFrame(TimeSpan now)
    {
        if (!receives || thread.IsSuspended || !grant.Allows(now) || latch.Target is not { } target) return;
        if (format.PayloadType is not { } payloadType) return; // a party that takes a wider codec alone hears nothing rather than noise
        var samples = format.SamplesPerPacket;
        var datagram = thread.Frame.AsSpan(0, RtpHeader.Size + samples);
        timeline.Generate(payloadType, samples, now).Write(datagram);
        holdAudio.Frame(format.Law, holdPosition, samples).CopyTo(datagram[RtpHeader.Size..]);
        holdPosition += samples;
        if (thread.Loop.Send(port, datagram, target)) Counters.Out(datagram.Length, hold: true);
        else Counters.Drop(MediaDrop.SendFailed);
    }

    /// <summary>Leaves hold or bridge; false if the leg is closed. The other leg of a bridge falls silent.</summary>
    bool Leave()
    {
        if (State == MediaLegState.Closed) return false;
        nextFrame = RtpSocket.Never;
        if (inner is not null) inner.Other = null;
        if (peer is null) return true;
        peer.peer = null;
        peer.State = MediaLegState.Waiting;
        peer = null;
        return true;
    }

    void Reschedule()
    {
        if (State == MediaLegState.Closed) return;
        var check = grant.NextCheck ?? RtpSocket.Never;
        thread.Loop.Schedule(port, check < nextFrame ? check : nextFrame);
    }
}
