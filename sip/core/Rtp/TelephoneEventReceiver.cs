namespace OrleansCallback.Sip.Rtp;

/// <summary>Counts each key once, however many packets tell of it (RFC 4733 section 2.5.2): an event is its RTP timestamp, its packets repeat
/// it as it grows, and its last one comes three times.</summary>
/// <remarks>A press is told by the first packet of it that comes, so that neither a lost start nor a lost end costs it.</remarks>
public sealed class TelephoneEventReceiver
{
    /// <summary>Events in one packet that are looked at (section 2.5.1.5 lets a sender pack them).</summary>
    public const int MostInPacket = 8;

    /// <summary>Events that packets may come late of.</summary>
    const int MostKnown = 16;

    /// <summary>An event that nothing was heard of for so long is over, and the same numbers are another one: of a sender that began anew.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    readonly Known[] known = new Known[MostKnown];
    int newest;
    ushort sequence;

    /// <summary>One event and what was heard of it.</summary>
    record struct Known(uint Ssrc, uint Start, byte Code, bool Ended, TimeSpan? Heard);

    /// <summary>Takes a packet of the payload type that was negotiated for telephone-event.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload; what is no whole event is passed over.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="pressed">Gets the keys whose press it tells first, at most <see cref="MostInPacket"/>.</param>
    /// <returns>How many.</returns>
    public int Take(in RtpHeader header, ReadOnlySpan<byte> payload, TimeSpan now, Span<char> pressed)
    {
        var (count, at) = (0, header.Timestamp);
        for (var n = 0; n < MostInPacket && count < pressed.Length && TelephoneEvent.TryParse(payload, out var told); n++)
        {
            if (IsNew(header, at, told, now) && told.Key is { } key) pressed[count++] = key;
            at += told.Duration;
            payload = payload[TelephoneEvent.Size..];
        }

        sequence = header.Sequence;
        return count;
    }

    bool IsNew(in RtpHeader header, uint at, TelephoneEvent told, TimeSpan now)
    {
        var ahead = (short)(header.Sequence - sequence);
        for (var n = 0; n < MostKnown; n++)
        {
            ref var one = ref known[n];
            if (one.Heard is not { } heard || (one.Ssrc, one.Start, one.Code) != (header.Ssrc, at, told.Code) || now - heard > Memory) continue;
            // A sender whose timestamps stand still begins its next event by the marker alone.
            var again = one.Ended && header.Marker && ahead > 0;
            one = one with { Ended = told.IsEnd || (one.Ended && !again), Heard = now };
            return again;
        }

        var goesOn = GoesOn(known[newest], header, at, told, ahead);
        if (!goesOn) newest = (newest + 1) % MostKnown;
        known[newest] = new(header.Ssrc, at, told.Code, told.IsEnd, now);
        return !goesOn;
    }

    /// <summary>
    /// Another timestamp is another event, but for one that has grown too long for its 16 bits and goes on in segments (section 2.5.1.3), and for
    /// senders that move the timestamp along: in both the packet follows one that did not end, and marks no beginning.
    /// </summary>
    static bool GoesOn(in Known last, in RtpHeader header, uint at, TelephoneEvent told, int ahead) =>
        last is { Heard: not null, Ended: false } && (last.Ssrc, last.Code) == (header.Ssrc, told.Code) && !header.Marker
        && (ahead == 1 || at == last.Start + ushort.MaxValue);
}
