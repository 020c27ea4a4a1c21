namespace OrleansCallback.Sip;

/// <summary>Where an exchange of offer and answer stands (RFC 3264 section 4); RFC 3311 section 5.2 tells what each state allows.</summary>
enum OfferState
{
    /// <summary>No offer is open.</summary>
    Stable,
    /// <summary>Our offer waits for the peer's answer.</summary>
    Offered,
    /// <summary>The peer's offer waits for our application's answer.</summary>
    Asked,
}

/// <summary>The two descriptions of one session and the rules by which they change (RFC 3264 sections 4 and 8).</summary>
sealed class SessionMedia
{
    LocalAudio? able, ableBefore;
    (IReadOnlyList<AudioCodec> Codecs, AudioCodec? Preferred)? allowed;
    long version;
    ReadOnlyMemory<byte> pending;

    /// <summary>Where the exchange stands.</summary>
    public OfferState State { get; private set; }

    /// <summary>Our last description that was part of a completed exchange.</summary>
    public ReadOnlyMemory<byte> Local { get; private set; }

    /// <summary>The peer's.</summary>
    public ReadOnlyMemory<byte> Remote { get; private set; }

    /// <summary>What the last completed exchange agreed on; null while there was none, if its answer cannot be used, and while the stream is given up.</summary>
    public AgreedAudio? Agreed { get; private set; }

    /// <summary>True while the session's first offer, ours, waits for its answer; a later one is some UPDATE's or re-INVITE's own.</summary>
    public bool AwaitsFirstAnswer => State == OfferState.Offered && Remote.IsEmpty;

    /// <summary>Our open offer.</summary>
    public ReadOnlyMemory<byte> OpenOffer => pending;

    /// <summary>Our description of the dialog's stored state: the open offer while nothing is agreed.</summary>
    public ReadOnlyMemory<byte> Shown => Local.IsEmpty && State == OfferState.Offered ? pending : Local;

    /// <summary>What the peer's offers are answered from, and what we offer when asked.</summary>
    LocalAudio? Able => allowed is { } now && able is not null ? able with { Codecs = now.Codecs, Preferred = now.Preferred } : able;

    /// <summary>Another branch of the same fork: the same offer, an answer of its own (RFC 3261 section 13.2.2.4).</summary>
    public SessionMedia Fork() => new() { able = able, version = version, pending = pending, State = State, Local = Local, Remote = Remote, Agreed = Agreed };

    /// <summary>
    /// Our application's offer goes out. A later one gets its place among the session's streams and a version above all that we have used.
    /// </summary>
    /// <returns>The description to send.</returns>
    public ReadOnlyMemory<byte> Offer(ReadOnlyMemory<byte> sdp)
    {
        State = OfferState.Offered;
        ableBefore = able;
        if (sdp.Span.SequenceEqual(Local.Span)) return pending = sdp; // a refresh asks for nothing new
        pending = Local.IsEmpty ? sdp : Revised(sdp);
        Learn(pending, isOffer: true);
        return pending;
    }

    /// <summary>Our description with other codecs, for the next offer; null while there is none.</summary>
    public ReadOnlyMemory<byte>? With(IReadOnlyList<AudioCodec> codecs) => able?.Again(codecs, Local.Span, Remote.Span).Offer();

    /// <summary>The codecs that the application can do with at present.</summary>
    public void Restrict(IReadOnlyList<AudioCodec> codecs, AudioCodec? preferred) => allowed = (codecs, preferred);

    /// <summary>The peer's answer to our offer; a 2xx that brings none leaves all as before.</summary>
    public void TakeAnswer(ReadOnlyMemory<byte> sdp)
    {
        if (sdp.IsEmpty) Withdraw();
        if (State != OfferState.Offered) return;
        Agreed = OfferAnswer.Accept(pending.Span, sdp.Span, out var stream) == SdpResult.Agreed ? stream : null;
        (Local, Remote, State, ableBefore) = (pending, sdp, OfferState.Stable, null);
    }

    /// <summary>Our offer was refused, or its request failed: all is as before (RFC 3261 section 14.1, RFC 3311 section 5.1).</summary>
    public void Withdraw()
    {
        if (State != OfferState.Offered) return;
        (State, able, ableBefore) = (OfferState.Stable, ableBefore ?? able, null);
    }

    /// <summary>The peer's offer, which the application will answer.</summary>
    public void TakeOffer(ReadOnlyMemory<byte> sdp) => (pending, State) = (sdp, OfferState.Asked);

    /// <summary>Our application's answer to the peer's offer.</summary>
    public void Answer(ReadOnlyMemory<byte> sdp)
    {
        (Local, Remote, State) = (sdp, pending, OfferState.Stable);
        Learn(sdp, isOffer: false);
    }

    /// <summary>Answers the peer's new offer at the same media address; false (488) when there is nothing in common.</summary>
    public bool TryAnswer(ReadOnlyMemory<byte> offer)
    {
        if (Able is not { } ours) return false;
        var local = ours with { Version = version + 1 };
        var result = OfferAnswer.Answer(offer.Span, local, out var answer, out var stream);
        if (result is not (SdpResult.Agreed or SdpResult.Disabled)) return false;
        version++;
        // Should the peer ask for an offer of ours next, it gets the protocol that it speaks by then.
        if (result == SdpResult.Agreed) able = able! with { Protocol = stream.Protocol };
        Agreed = result == SdpResult.Agreed ? stream : null;
        (Local, Remote, State) = (answer, offer, OfferState.Stable);
        return true;
    }

    /// <summary>An offer of all that we can, for a re-INVITE that brings none (RFC 3261 section 14.2).</summary>
    public bool TryOffer()
    {
        if (Able is not { } ours) return false;
        pending = (ours with { Version = ++version, Streams = OfferAnswer.StreamsOf(Local.Span) }).Offer();
        State = OfferState.Offered;
        return true;
    }

    ReadOnlyMemory<byte> Revised(ReadOnlyMemory<byte> sdp)
    {
        if (!OfferAnswer.TryReadLocal(sdp.Span, out var read)) return sdp;
        var streams = OfferAnswer.StreamsOf(Local.Span);
        return streams is null && read.Version > version
            ? sdp
            : (read with { Version = Math.Max(read.Version, version + 1), Streams = streams }).Offer();
    }

    void Learn(ReadOnlyMemory<byte> sdp, bool isOffer)
    {
        if (!OfferAnswer.TryReadLocal(sdp.Span, out var read)) return;
        // An answer names one codec and one key, and a direction that the peer had a say in; yet the application can do all that it ever offered.
        var before = able;
        able = read with
        {
            Codecs = before is null ? read.Codecs : [.. before.Codecs.Union(read.Codecs)],
            Direction = isOffer ? read.Direction : before?.Direction ?? MediaDirection.SendRecv,
            Encryption = isOffer || before is null ? read.Encryption : before.Encryption,
            Crypto = isOffer || before is null ? read.Crypto : before.Crypto,
        };
        version = Math.Max(version, read.Version);
    }
}
