namespace OrleansCallback.Sip.Srtp;

/// <summary>The highest packet index of one source and which of the indexes below it have been (RFC 3711 section 3.3.2's replay list).</summary>
struct IndexWindow
{
    /// <summary>Indexes that are remembered; at least 64 (RFC 3711 section 3.3.2). What the relay takes for a late packet fits in.</summary>
    public const int Size = 128;

    UInt128 seen; // the lowest bit is the highest index

    /// <summary>False before the first packet: then any index is new.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>The highest index so far.</summary>
    public ulong Highest { get; private set; }

    /// <summary>The index of RTP's next packet by its sequence number: the one nearest to the highest so far (RFC 3711 section 3.3.1). False
    /// where that lies before the first index of all.</summary>
    public readonly bool TryEstimate(ushort sequence, out ulong index)
    {
        var last = (ushort)Highest;
        var ahead = sequence - last;
        if (last < 0x8000 && ahead > 0x8000) ahead -= 0x1_0000;
        else if (last >= 0x8000 && ahead < -0x8000) ahead += 0x1_0000;
        index = Highest + (ulong)ahead;
        return ahead >= 0 || Highest >= (ulong)-ahead;
    }

    /// <summary>Whether an index has not been yet and is not too old to tell.</summary>
    public readonly bool IsNew(ulong index)
    {
        if (!IsStarted || index > Highest) return true;
        var behind = Highest - index;
        return behind < Size && (seen >> (int)behind & 1) == 0;
    }

    /// <summary>Notes a packet; one that <see cref="IsNew"/> has let pass.</summary>
    public void Add(ulong index)
    {
        if (IsStarted && index <= Highest)
        {
            seen |= UInt128.One << (int)(Highest - index);
            return;
        }
        var ahead = IsStarted ? index - Highest : Size;
        seen = (ahead < Size ? seen << (int)ahead : 0) | 1;
        (Highest, IsStarted) = (index, true);
    }
}
