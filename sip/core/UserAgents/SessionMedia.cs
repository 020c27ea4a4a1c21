namespace OrleansCallback.Sip;

/// <summary>The two descriptions of one session and the rule by which ours changes (RFC 3264 section 8).</summary>
sealed class SessionMedia
{
    LocalAudio? able;
    long version;

    /// <summary>Our last description.</summary>
    public ReadOnlyMemory<byte> Local { get; private set; }

    /// <summary>The peer's last description.</summary>
    public ReadOnlyMemory<byte> Remote { get; set; }

    /// <summary>Takes a description that the application wrote.</summary>
    public void SetLocal(ReadOnlyMemory<byte> sdp)
    {
        Local = sdp;
        if (!OfferAnswer.TryReadLocal(sdp.Span, out var read)) return;
        // An answer names one codec, yet the application can do all that it ever offered.
        able = able is null ? read : read with { Codecs = [.. able.Codecs.Union(read.Codecs)] };
        version = Math.Max(version, read.Version);
    }

    /// <summary>Answers the peer's new offer at the same media address; 488 when there is nothing in common.</summary>
    public bool TryAnswer(ReadOnlyMemory<byte> offer)
    {
        if (able is null) return false;
        var local = able with { Version = version + 1, Direction = MediaDirection.SendRecv };
        if (OfferAnswer.Answer(offer.Span, local, out var answer, out _) != SdpResult.Agreed) return false;
        version++;
        (Local, Remote) = (answer, offer);
        return true;
    }

    /// <summary>An offer of all that we can, for a re-INVITE that brings none (RFC 3261 section 14.2).</summary>
    public bool TryOffer()
    {
        if (able is null) return false;
        Local = (able with { Version = ++version }).Offer();
        return true;
    }
}
