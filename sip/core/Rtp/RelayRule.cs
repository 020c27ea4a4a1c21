namespace OrleansCallback.Sip.Rtp;

/// <summary>What happened to a packet that was to be relayed.</summary>
public enum RelayVerdict : byte
{
    /// <summary>Rewritten in place: send it to the listener.</summary>
    Send,

    /// <summary>Neither PCMU nor PCMA under any number that was negotiated.</summary>
    PayloadType,

    /// <summary>Too old for the listener's stream, or an unproven jump of the source's numbering.</summary>
    Late,
}

/// <summary>The rule that one packet of a bridged call goes through.</summary>
public static class RelayRule
{
    /// <summary>Rewrites a packet in place from what its source sends to what the listener expects: header into the listener's stream,
    /// payload type to the listener's number, law to the listener's law; the payload is otherwise untouched.</summary>
    /// <param name="datagram">The packet as received.</param>
    /// <param name="packet">The same, parsed.</param>
    /// <param name="source">What the source negotiated.</param>
    /// <param name="listener">What the listener negotiated.</param>
    /// <param name="timeline">The listener's numbering.</param>
    /// <param name="now">Monotonic time.</param>
    public static RelayVerdict Rewrite(
        Span<byte> datagram, in RtpPacket packet, MediaFormat source, MediaFormat listener, ListenerTimeline timeline, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        if (!source.TryLawOf(packet.Header.PayloadType, out var law)) return RelayVerdict.PayloadType;
        if (!timeline.TryRelay(packet.Header, listener.PayloadType, now, out var header)) return RelayVerdict.Late;
        G711.Convert(packet.PayloadOf(datagram), law, listener.Law);
        header.WriteOver(datagram);
        return RelayVerdict.Send;
    }
}
