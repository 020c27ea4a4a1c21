namespace OrleansCallback.Sip.Net.Media;

/// <summary>Why a received packet went nowhere.</summary>
public enum MediaDrop
{
    /// <summary>Not an RTP packet.</summary>
    Malformed,

    /// <summary>Not from the source that the leg listens to.</summary>
    Stranger,

    /// <summary>Not encrypted under the party's key as agreed, or changed on the way (RFC 3711 section 3.3).</summary>
    Unauthentic,

    /// <summary>Encrypted as agreed and received before, or too old to tell.</summary>
    Replayed,

    /// <summary>A payload type that was not negotiated.</summary>
    PayloadType,

    /// <summary>Of an encoding that the party of the other leg has not agreed to.</summary>
    NotShared,

    /// <summary>The leg has no SDP yet, is waiting or on hold, or the other leg cannot be sent to yet.</summary>
    NotBridged,

    /// <summary>Its listener hears a clip meanwhile, or its party's keys that were told by signalling.</summary>
    Overlaid,

    /// <summary>Too late for the listener's stream, or an unproven jump of the numbering.</summary>
    Late,

    /// <summary>Outside the grant of this leg or of the one it is bridged with.</summary>
    Grant,

    /// <summary>The plane noticed a gap in its clock and waits for <see cref="MediaPlane.Resume"/>.</summary>
    Suspended,

    /// <summary>The operating system did not take the packet.</summary>
    SendFailed,

    /// <summary>From the party of an ended leg.</summary>
    Ended,

    /// <summary>More of one source than <see cref="MediaPlaneOptions.SourceRate"/>.</summary>
    SourceRate,
}

/// <summary>Counters of a leg, or of a plane since its start. Read while the media thread runs they may lag each other by a packet.</summary>
/// <param name="PacketsIn">RTP packets of the leg's own source.</param>
/// <param name="BytesIn">Their bytes, RTP header included.</param>
/// <param name="PacketsOut">Packets sent to the party: hold audio, clips and relayed.</param>
/// <param name="BytesOut">Their bytes, RTP header included.</param>
/// <param name="HoldPacketsOut">How many of the packets sent were hold audio or clips.</param>
/// <param name="SinceLastPacket">Time since the last packet of the leg's own source; null when there was none.</param>
/// <param name="Dropped">Packets dropped by reason; the index is the <see cref="MediaDrop"/>.</param>
public sealed record MediaStatistics(
    long PacketsIn, long BytesIn, long PacketsOut, long BytesOut, long HoldPacketsOut, TimeSpan? SinceLastPacket, IReadOnlyList<long> Dropped)
{
    /// <summary>Packets relayed to the party.</summary>
    public long RelayedOut => PacketsOut - HoldPacketsOut;

    /// <summary>Packets dropped for one reason.</summary>
    public long DroppedFor(MediaDrop reason) => Dropped[(int)reason];
}
