namespace OrleansCallback.Sip.Rtp;

/// <summary>Counts each key once, however many packets tell of it (RFC 4733 section 2.5.2): an event is its RTP timestamp, its packets repeat
/// it as it grows, and its last one comes three times.</summary>
/// <remarks>A press is told by the first packet of it that comes, so that neither a lost start nor a lost end costs it.</remarks>
public sealed class TelephoneEventReceiver
{
    /// <summary>Events in one packet that are looked at (section 2.5.1.5 lets a sender pack them).</summary>
    public const int MostInPacket = 8;

    /// <summary>Sequence numbers that run back by less are packets that come late or again; by more, a sender that began anew.</summary>
    const int MaxMisorder = 100;

    bool heard;
    uint ssrc;
    ushort sequence;
    uint start;
    TelephoneEvent last;

    /// <summary>Takes a packet of the payload type that was negotiated for telephone-event.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload; what is no whole event is passed over.</param>
    /// <param name="pressed">Gets the keys whose press it tells first, at most <see cref="MostInPacket"/>.</param>
    /// <returns>How many.</returns>
    public int Take(in RtpHeader header, ReadOnlySpan<byte> payload, Span<char> pressed)
    {
        if (header.Ssrc != ssrc) (heard, ssrc) = (false, header.Ssrc);
        var ahead = (short)(header.Sequence - sequence);
        if (heard && ahead is <= 0 and > -MaxMisorder) return 0;
        var (count, at) = (0, header.Timestamp);
        for (var n = 0; n < MostInPacket && count < pressed.Length && TelephoneEvent.TryParse(payload, out var told); n++)
        {
            if (IsNew(at, told, header.Marker, follows: heard && ahead == 1) && told.Key is { } key) pressed[count++] = key;
            (heard, start, last) = (true, at, told);
            at += told.Duration;
            payload = payload[TelephoneEvent.Size..];
        }

        sequence = header.Sequence;
        return count;
    }

    /// <summary>
    /// Another timestamp is another event, but for one that has grown too long for its 16 bits and goes on in segments (section 2.5.1.3), and for
    /// senders that move the timestamp along: in both the packet follows one that did not end, and marks no beginning.
    /// </summary>
    bool IsNew(uint at, TelephoneEvent told, bool marker, bool follows)
    {
        if (!heard || told.Code != last.Code) return true;
        if (at == start) return false;
        var goesOn = !last.IsEnd && !marker && (follows || at == start + ushort.MaxValue);
        return !goesOn;
    }
}
