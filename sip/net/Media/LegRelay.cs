using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>A leg as its media thread knows it: who is heard, what is sent, for how long. Everything here runs on that thread.</summary>
sealed class LegRelay(MediaLeg leg, MediaThread thread, SourceLatch latch, SrtpSession srtp, ListenerTimeline timeline, HoldAudio holdAudio)
    : LoopTimer
{
    /// <summary>Frames sent in one go after a late wake-up; what is late by more is skipped.</summary>
    const int MostLateFrames = 3;

    /// <summary>How long hold audio goes on after the bridge while nothing has come of the other leg: a party that begins late leaves no gap.</summary>
    static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(1);

    readonly MediaGrant grant = new();
    readonly LegPlayer player = new(holdAudio);
    readonly KeyPresses keys = new();
    readonly TaskCompletionSource<MediaStatistics> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    MediaFormat format = MediaFormat.Pcmu;
    bool receives;
    LegRelay? peer;
    InnerSocket? inner;
    TimeSpan nextFrame = Never;
    PacketRate rate;

    public MediaPort Port { get; private set; } = null!;

    public PortSeat<LegRelay> Seat { get; private set; } = null!;

    public SourceLatch SourceLatch => latch;

    public MediaCounters Counters { get; } = new(thread.Totals);

    public MediaLegState State { get; private set; }

    public Task<MediaStatistics> Ended => ended.Task;

    /// <summary>Where the leg is. Called once, before anything else.</summary>
    public void Sit(MediaPort port, PortSeat<LegRelay> seat) => (Port, Seat) = (port, seat);

    public void SetRemote(MediaEndpoint address, MediaRemote remote)
    {
        if (State == MediaLegState.Closed) return;
        var now = thread.Loop.Now;
        format = remote.Format;
        srtp.Change(remote.Srtp);
        receives = remote.Receives && !address.IsNowhere && address.IsIPv4 != Port.IsIPv6; // what the socket cannot reach would be another host
        if (Port.Describe(this, address, now))
        {
            latch.Reset(address, now);
            return;
        }

        latch.Forget();
        leg.Raise(MediaLegEventKind.AddressTaken, now);
    }

    public void Hold()
    {
        if (!Leave()) return;
        State = MediaLegState.Hold;
        player.Hold();
        StartFrames();
    }

    /// <summary>Plays a clip over whatever the leg does, which goes on behind it.</summary>
    public void Play(AudioClip clip)
    {
        if (State == MediaLegState.Closed) return;
        if (State == MediaLegState.Bridged && format.PayloadType is null)
        {
            // It takes a wider codec alone now: it would lose what the other says, and hear nothing for it.
            leg.Raise(MediaLegEventKind.Played, thread.Loop.Now);
            return;
        }

        player.Play(clip);
        if (nextFrame == Never) StartFrames();
    }

    public void CutClip() => player.CutClip();

    public void ListenForKeys(bool wanted) => keys.Listen(wanted);

    public void Press(char key)
    {
        if (State != MediaLegState.Bridged) return;
        keys.Press(key, thread.Loop.Now);
        Reschedule();
    }

    public void BeSilent()
    {
        if (Leave()) State = MediaLegState.Waiting;
    }

    public void Bridge(LegRelay other)
    {
        if (State == MediaLegState.Closed || other.State == MediaLegState.Closed) return;
        LeaveForBridge();
        other.LeaveForBridge();
        (peer, other.peer) = (other, this);
    }

    public void AddInner(InnerSocket socket)
    {
        inner = socket;
        if (State == MediaLegState.Closed) socket.Dispose();
        else thread.Loop.Add(socket);
    }

    public void BridgeInner(MediaEndpoint other)
    {
        if (State == MediaLegState.Closed) return;
        LeaveForBridge();
        inner!.Other = other;
    }

    public void SetGrant(TimeSpan sinceAnswer, TimeSpan lowThreshold, TimeSpan endingThreshold)
    {
        if (grant.Extend(sinceAnswer, lowThreshold, endingThreshold)) Reschedule();
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

        thread.Loop.Schedule(this, Never);
        srtp.Dispose();
        thread.End(this);
        Port.Leave(this, now);
        ended.TrySetResult(Counters.Read(now));
    }

    /// <summary>The plane is gone, and the loop with it.</summary>
    public void Abandon()
    {
        State = MediaLegState.Closed;
        srtp.Dispose();
        inner?.Dispose();
        ended.TrySetResult(Counters.Read(thread.Loop.Now));
    }

    protected internal override void OnTimer(TimeSpan now)
    {
        var news = grant.Check(now);
        if (news == GrantNews.Low) leg.Raise(MediaLegEventKind.GrantLow, now);
        else if (news == GrantNews.Ending) leg.Raise(MediaLegEventKind.GrantEnding, now);
        else if (news == GrantNews.Ended) leg.Raise(MediaLegEventKind.GrantEnded, now);
        SendFrames(now);
        if (keys.Due <= now) SendKey(now);
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
        if (latch.Target is null) return MediaDrop.NotBridged; // audio that is faster than the answer
        if (latch.Source is { } taken ? taken != source : !latch.IsBelievable(source, now)) return MediaDrop.Stranger;
        if (!rate.Allows(thread.SourceRate, now)) return MediaDrop.SourceRate;
        if (srtp.Unprotect(datagram, out var length) is not SrtpResult.Accepted and var refused) return Reason(refused);
        datagram = datagram[..length];
        if (!RtpPacket.TryParse(datagram, out var packet)) return MediaDrop.Malformed;
        if (!format.TryRead(packet.Header.PayloadType, out var encoding)) return MediaDrop.PayloadType;
        if (latch.Source is null) Latch(source, packet, now);
        Counters.In(datagram.Length, now);
        if (thread.IsSuspended) return MediaDrop.Suspended;
        if (!grant.Allows(now)) return MediaDrop.Grant;
        if (encoding == RtpEncoding.TelephoneEvent && HearKeys(datagram, packet, now)) return null;
        return keys.IsSending ? MediaDrop.Overlaid : Forward(datagram, packet, encoding, now);
    }

    void Latch(MediaEndpoint source, in RtpPacket packet, TimeSpan now)
    {
        latch.Accept(source, now);
        Port.Verify(this, source, packet.Header.Ssrc, now);
        leg.Raise(MediaLegEventKind.SourceLatched, now);
    }

    MediaDrop? Forward(Span<byte> datagram, in RtpPacket packet, RtpEncoding encoding, TimeSpan now)
    {
        if (peer is not null) return peer.Relay(datagram, packet, encoding, now);
        return inner?.Other is { } other ? SendInner(datagram, packet, encoding, other) : MediaDrop.NotBridged;
    }

    /// <summary>True if somebody waits for keys: then they are told, and go no further.</summary>
    bool HearKeys(Span<byte> datagram, in RtpPacket packet, TimeSpan now)
    {
        var listening = keys.IsListening;
        Span<char> pressed = stackalloc char[TelephoneEventReceiver.MostInPacket];
        foreach (var key in pressed[..keys.Hear(packet, datagram, now, pressed)]) leg.Raise(MediaLegEventKind.KeyPressed, now, key);
        return listening;
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
        thread.Loop.Send(inner!, datagram, other);
        return null;
    }

    /// <summary>Sends a packet of the other leg to this one's party.</summary>
    MediaDrop? Relay(Span<byte> datagram, in RtpPacket packet, RtpEncoding encoding, TimeSpan now)
    {
        if (!grant.Allows(now)) return MediaDrop.Grant;
        if (!receives || latch.Target is not { } target) return MediaDrop.NotBridged;
        if (player.IsPlaying) return MediaDrop.Overlaid;
        var verdict = RelayRule.Rewrite(datagram, packet, encoding, format, timeline, now);
        if (verdict != RelayVerdict.Send) return verdict == RelayVerdict.Late ? MediaDrop.Late : MediaDrop.NotShared;
        if (!TrySend(datagram, target)) return MediaDrop.Late;
        Counters.Out(datagram.Length, hold: false);
        player.StopHolding();
        return null;
    }

    /// <summary>Sends to the party, encrypted if that was agreed on; false for a number that was sent encrypted before.</summary>
    bool TrySend(ReadOnlySpan<byte> datagram, MediaEndpoint target)
    {
        if (!srtp.TryProtect(datagram, out var packet)) return false;
        thread.Loop.Send(Port, packet, target);
        return true;
    }

    void StartFrames()
    {
        nextFrame = thread.Loop.Now;
        Reschedule();
    }

    void SendFrames(TimeSpan now)
    {
        if (nextFrame > now) return;
        var frame = TimeSpan.FromMilliseconds(format.SamplesPerPacket / (double)G711.SamplesPerMillisecond);
        for (var sent = 0; nextFrame <= now && sent < MostLateFrames && player.IsOn(now); sent++)
        {
            SendFrame(now);
            nextFrame += frame;
        }

        if (!player.IsOn(now)) nextFrame = Never;
        else if (nextFrame <= now) nextFrame = now + frame;
    }

    /// <summary>One frame of clip or hold audio. To a party that takes none, the time passes all the same.</summary>
    void SendFrame(TimeSpan now)
    {
        if (thread.IsSuspended || !grant.Allows(now)) return;
        var samples = format.SamplesPerPacket;
        var datagram = thread.Frame.AsSpan(0, RtpHeader.Size + samples);
        var played = player.Next(format.Law, datagram[RtpHeader.Size..]);
        // A party that takes a wider codec alone hears nothing rather than noise.
        if (receives && latch.Target is { } target && format.PayloadType is { } payloadType)
        {
            timeline.Generate(payloadType, samples, now).Write(datagram);
            if (TrySend(datagram, target)) Counters.Out(datagram.Length, hold: true);
        }

        if (played) leg.Raise(MediaLegEventKind.Played, now);
    }

    void SendKey(TimeSpan now)
    {
        var datagram = thread.Frame.AsSpan(0, RtpHeader.Size + TelephoneEvent.Size);
        keys.Next(datagram, format.SamplesPerPacket);
        if (!RtpPacket.TryParse(datagram, out var packet)) return;
        if (grant.Allows(now) && Forward(datagram, packet, RtpEncoding.TelephoneEvent, now) is { } reason) Counters.Drop(reason);
    }

    /// <summary>Hold audio goes on until the other leg is heard.</summary>
    void LeaveForBridge()
    {
        var (holding, due) = (player.IsHolding, nextFrame);
        Leave();
        State = MediaLegState.Bridged;
        if (!holding) return;
        player.HoldUntil(thread.Loop.Now + LeadIn);
        nextFrame = due;
    }

    /// <summary>Leaves hold or bridge; false if the leg is closed. The other leg of a bridge falls silent.</summary>
    bool Leave()
    {
        if (State == MediaLegState.Closed) return false;
        nextFrame = Never;
        player.Stop();
        keys.Stop();
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
        thread.Loop.Schedule(this, Earliest(grant.NextCheck ?? Never, Earliest(nextFrame, keys.Due)));
    }

    static MediaDrop Reason(SrtpResult refused) => refused switch
    {
        SrtpResult.Replayed => MediaDrop.Replayed,
        SrtpResult.TooManySources => MediaDrop.Stranger,
        _ => MediaDrop.Unauthentic,
    };

    static TimeSpan Earliest(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
