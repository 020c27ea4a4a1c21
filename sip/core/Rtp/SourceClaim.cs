namespace OrleansCallback.Sip.Rtp;

/// <summary>That a source on a port belongs to a leg, or did until the leg's end.</summary>
/// <param name="source">The source.</param>
sealed class SourceClaim<TLeg>(MediaEndpoint source)
    where TLeg : class
{
    public MediaEndpoint Source => source;

    /// <summary>Whose it is; null after that leg's end.</summary>
    public PortSeat<TLeg>? Seat { get; set; }

    /// <summary>The leg's party has said another address since.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>What comes from here is nobody's.</summary>
    public bool HasEnded => Seat is null || IsGivenUp;

    /// <summary>When a packet came from here last.</summary>
    public TimeSpan? HeardAt { get; set; }

    /// <summary>The SSRC of that packet.</summary>
    public uint Ssrc { get; set; }

    /// <summary>After the end, packets of several SSRCs came: whose they are cannot be told any more.</summary>
    public bool HasSeveral { get; private set; }

    /// <summary>The party of another leg said that it has this address too: only the SSRC that is known is still believed.</summary>
    public bool IsDisputed { get; set; }

    /// <summary>The SSRC of an ended call that came from here: its packets are nobody's until they have stopped.</summary>
    public uint? BarredSsrc { get; set; }

    /// <summary>Until when the source of an ended leg, or its SSRC, is nobody's; a packet puts it off.</summary>
    public TimeSpan QuietUntil { get; set; }

    /// <summary>A packet has come after the end.</summary>
    public void Hear(uint ssrc, TimeSpan now)
    {
        HasSeveral |= HeardAt is not null && Ssrc != ssrc;
        (HeardAt, Ssrc) = (now, ssrc);
    }
}
