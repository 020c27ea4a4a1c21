namespace OrleansCallback.Sip.Rtp;

/// <summary>What one listener hears, as one unbroken RTP stream: one SSRC, sequence numbers without reuse, timestamps that never run back
/// (RFC 3550 section 5.1), while the audio behind it changes from generated frames to one source, to another, and back.</summary>
/// <remarks>Numbers of a source are shifted by a constant per run, so its losses and reorderings stay visible to the listener's jitter
/// buffer. A run ends when the source, its SSRC, its clock or its numbering changes; the next run continues after the highest number sent, at the
/// time that has passed since, counted by its own clock, as RFC 7160 section 4.1 lets a sender do it that sends no RTCP. A new SSRC for each
/// clock, which it would rather have, would begin another SRTP stream in the middle of a call.</remarks>
/// <param name="ssrc">The listener sees this SSRC to the end.</param>
/// <param name="firstSequence">Random at a real start (RFC 3550 section 5.1).</param>
/// <param name="firstTimestamp">Random at a real start.</param>
public sealed class ListenerTimeline(uint ssrc, ushort firstSequence, uint firstTimestamp)
{
    /// <summary>A jump ahead by more is a restart of the source's numbering (RFC 3550 appendix A.1).</summary>
    public const int MaxDropout = 3000;

    /// <summary>A packet that is later by more is one too (RFC 3550 appendix A.1).</summary>
    public const int MaxMisorder = 100;

    /// <summary>A source whose timestamps leave the clock by more seconds than this has restarted them.</summary>
    public const int MaxTimestampDrift = 2;

    const int FramesPerSecond = 50; // the shortest step that a new run takes: 20 ms

    ushort nextSequence = firstSequence;
    uint lastTimestamp = firstTimestamp;
    uint lastFrame;
    TimeSpan lastAt;
    bool started;
    int clock = G711.SamplesPerSecond;

    bool relaying;
    uint sourceSsrc;
    ushort sourceHighest;
    uint sourceTimestamp;
    RtpEncoding sourceEncoding;
    ushort sequenceShift;
    uint timestampShift;
    int runLength;
    ushort? restartAt;

    /// <summary>The SSRC that the listener sees.</summary>
    public uint Ssrc => ssrc;

    /// <summary>The header of the next frame of G.711 generated here.</summary>
    /// <param name="payloadType">The listener's number for its law.</param>
    /// <param name="samples">Samples in this frame.</param>
    /// <param name="now">Monotonic time.</param>
    public RtpHeader Generate(byte payloadType, int samples, TimeSpan now)
    {
        var fresh = relaying || !started;
        SetClock(G711.SamplesPerSecond);
        var timestamp = fresh || IsBehind(now) ? TimestampOfNewRun(now) : lastTimestamp + lastFrame;
        relaying = false;
        Count(nextSequence);
        Sent(timestamp, (uint)samples, now);
        return new RtpHeader(payloadType, fresh, (ushort)(nextSequence - 1), timestamp, ssrc);
    }

    /// <summary>The header under which a source's packet goes to the listener; false when it must be dropped: it is older than what the
    /// listener's stream has room for, or the first packet of a numbering that is not proven by a second.</summary>
    /// <param name="source">The header as received.</param>
    /// <param name="encoding">What the packet carries. A telephone-event is part of the run that it falls into: its timestamp stands still while a key
    /// is held, and says nothing about the audio's clock (RFC 4733 section 2.2).</param>
    /// <param name="payloadType">The listener's number for the encoding.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="header">The header to send.</param>
    public bool TryRelay(in RtpHeader source, RtpEncoding encoding, byte payloadType, TimeSpan now, out RtpHeader header)
    {
        header = default;
        var isEvent = encoding == RtpEncoding.TelephoneEvent;
        if (!relaying || source.Ssrc != sourceSsrc)
        {
            header = BeginRun(source, encoding, payloadType, now);
            return true;
        }

        var ahead = (short)(source.Sequence - sourceHighest);
        if (ahead is > MaxDropout or < -MaxMisorder) return TryRestart(source, encoding, payloadType, now, out header);
        restartAt = null;
        var otherClock = !isEvent && encoding.ClockRate() != clock;
        if (ahead <= 0)
        {
            if (-ahead > runLength || otherClock) return false;
            header = Shifted(source, payloadType, source.Marker);
            return true;
        }

        if (otherClock) header = BeginRun(source, encoding, payloadType, now);
        else if (isEvent) header = FollowEvent(source, payloadType, ahead);
        else header = FollowAudio(source, encoding, payloadType, ahead, now);
        return true;
    }

    RtpHeader BeginRun(in RtpHeader source, RtpEncoding encoding, byte payloadType, TimeSpan now)
    {
        if (encoding != RtpEncoding.TelephoneEvent) SetClock(encoding.ClockRate());
        sequenceShift = (ushort)(nextSequence - source.Sequence);
        timestampShift = TimestampOfNewRun(now) - source.Timestamp;
        relaying = true;
        sourceSsrc = source.Ssrc;
        runLength = 0;
        restartAt = null;
        var header = Shifted(source, payloadType, marker: true);
        Follow(source, encoding, header, now);
        return header;
    }

    RtpHeader FollowAudio(in RtpHeader source, RtpEncoding encoding, byte payloadType, int ahead, TimeSpan now)
    {
        var drifted = HasDrifted(source.Timestamp, now);
        if (drifted) timestampShift = TimestampOfNewRun(now) - source.Timestamp;
        runLength = drifted ? 0 : Math.Min(runLength + ahead, MaxMisorder);
        var header = Shifted(source, payloadType, source.Marker || drifted || encoding != sourceEncoding);
        Follow(source, encoding, header, now);
        return header;
    }

    RtpHeader FollowEvent(in RtpHeader source, byte payloadType, int ahead)
    {
        runLength = Math.Min(runLength + ahead, MaxMisorder);
        sourceHighest = source.Sequence;
        var header = Shifted(source, payloadType, source.Marker);
        Count(header.Sequence);
        return header;
    }

    bool TryRestart(in RtpHeader source, RtpEncoding encoding, byte payloadType, TimeSpan now, out RtpHeader header)
    {
        // RFC 3550 appendix A.1: one stray packet proves nothing, two in a row do.
        var proven = restartAt == source.Sequence;
        restartAt = (ushort)(source.Sequence + 1);
        header = proven ? BeginRun(source, encoding, payloadType, now) : default;
        return proven;
    }

    RtpHeader Shifted(in RtpHeader source, byte payloadType, bool marker) => new(
        payloadType, marker, (ushort)(source.Sequence + sequenceShift), source.Timestamp + timestampShift, ssrc);

    void Follow(in RtpHeader source, RtpEncoding encoding, in RtpHeader sent, TimeSpan now)
    {
        sourceHighest = source.Sequence;
        sourceTimestamp = source.Timestamp;
        if (encoding != RtpEncoding.TelephoneEvent) sourceEncoding = encoding;
        Count(sent.Sequence);
        Sent(sent.Timestamp, LeastFrame, now);
    }

    void Count(ushort sequence) => nextSequence = (ushort)(sequence + 1);

    void Sent(uint timestamp, uint frame, TimeSpan now)
    {
        lastTimestamp = timestamp;
        lastFrame = frame;
        lastAt = now;
        started = true;
    }

    void SetClock(int rate)
    {
        if (rate == clock) return;
        clock = rate;
        lastFrame = LeastFrame;
    }

    uint LeastFrame => (uint)(clock / FramesPerSecond);

    uint TimestampOfNewRun(TimeSpan now) => started ? lastTimestamp + Math.Max(lastFrame, (uint)Elapsed(now)) : lastTimestamp;

    bool IsBehind(TimeSpan now) => Elapsed(now) > 5 * lastFrame;

    bool HasDrifted(uint timestamp, TimeSpan now)
    {
        var step = (int)(timestamp - sourceTimestamp);
        return step < 0 || Math.Abs(step - Elapsed(now)) > MaxTimestampDrift * clock;
    }

    long Elapsed(TimeSpan now) => (now - lastAt).Ticks * clock / TimeSpan.TicksPerSecond;
}
