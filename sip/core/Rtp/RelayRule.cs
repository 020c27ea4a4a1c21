namespace OrleansCallback.Sip.Rtp;

/// <summary>What happened to a packet that was to be relayed.</summary>
public enum RelayVerdict : byte
{
    /// <summary>Rewritten in place: send it to the listener.</summary>
    Send,

    /// <summary>Of an encoding that its source negotiated and the listener did not.</summary>
    NotShared,

    /// <summary>Too old for the listener's stream, or an unproven jump of the source's numbering.</summary>
    Late,
}

/// <summary>The rule that one packet of a bridged call goes through.</summary>
public static class RelayRule
{
    /// <summary>Rewrites a packet in place from what its source sends to what the listener expects: header into the listener's stream,
    /// payload type to the listener's number, G.711 to the listener's law; the payload is otherwise untouched.</summary>
    /// <param name="datagram">The packet as received.</param>
    /// <param name="packet">The same, parsed.</param>
    /// <param name="encoding">What its source means by its payload type, <see cref="MediaFormat.TryRead"/>.</param>
    /// <param name="listener">What the listener negotiated.</param>
    /// <param name="timeline">The listener's numbering.</param>
    /// <param name="now">Monotonic time.</param>
    public static RelayVerdict Rewrite(
        Span<byte> datagram, in RtpPacket packet, RtpEncoding encoding, in MediaFormat listener, ListenerTimeline timeline, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        if (!listener.TryWrite(encoding, out var payloadType)) return RelayVerdict.NotShared;
        if (!timeline.TryRelay(packet.Header, encoding, payloadType, now, out var header)) return RelayVerdict.Late;
        if (encoding.IsG711()) G711.Convert(packet.PayloadOf(datagram), encoding == RtpEncoding.Pcma ? G711Law.A : G711Law.Mu, listener.Law);
        header.WriteOver(datagram);
        return RelayVerdict.Send;
    }
}
