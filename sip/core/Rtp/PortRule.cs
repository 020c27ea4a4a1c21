namespace OrleansCallback.Sip.Rtp;

/// <summary>
/// Tells the legs of one port apart by the source of their packets. A source that is known, by a packet or by SDP, is its leg's. One that is not
/// can only be that of a party whose SDP does not say it, behind a translator or a gateway: it is that of the open leg, the only one that is
/// unverified, and nobody's while there are several. A leg is unverified from its offer until a packet has shown its source, and again after a
/// re-INVITE. Two live legs never have one source; an ended leg's is nobody's until it has been silent.
/// </summary>
/// <param name="port">The port's number.</param>
/// <param name="claims">Those of all ports of a thread.</param>
/// <param name="quarantine">Silence after a leg's end.</param>
/// <param name="mostLegs">Legs that may share the port.</param>
public sealed class PortRule<TLeg>(ushort port, PortClaims<TLeg> claims, QuarantineTimes quarantine, int mostLegs)
    where TLeg : class
{
    /// <summary>On a shared port the source of a leg may go on under another SSRC after so long a silence: two parties that have one address
    /// unknown to us speak at the same time, one that starts a new stream has stopped the old one.</summary>
    public static readonly TimeSpan SsrcPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Sources beyond those known that are taken for parties of ended legs; with more the port rests.</summary>
    const int MostGuesses = 16;

    readonly SourceTable<SourceClaim<TLeg>> table = claims.Table;
    readonly PriorityQueue<SourceClaim<TLeg>, TimeSpan> ended = new();
    readonly List<PortSeat<TLeg>> unverified = []; // one by its offer, more by re-INVITEs
    readonly List<PortSeat<TLeg>> departed = []; // whose sources may not all be known
    PortSeat<TLeg>? open; // the unverified one, if it is the only one
    TimeSpan restsUntil = TimeSpan.MinValue;
    TimeSpan movedUntil = TimeSpan.MinValue; // until then what comes may be from where a party was
    int guesses;

    /// <summary>Legs on the port.</summary>
    public int Legs { get; private set; }

    /// <summary>Whether another leg may come.</summary>
    public bool HasRoom(TimeSpan now) => Legs < mostLegs && unverified.Count == 0 && restsUntil <= now;

    /// <summary>Nobody is on it and nobody's audio can still come.</summary>
    public bool IsIdle(TimeSpan now) => Legs == 0 && ended.Count == 0 && restsUntil <= now;

    /// <summary>A leg that is about to offer this port; only with <see cref="HasRoom"/>.</summary>
    /// <param name="leg">The leg.</param>
    /// <param name="latch">Whom it believes.</param>
    public PortSeat<TLeg> Open(TLeg leg, SourceLatch latch)
    {
        if (unverified.Count > 0 || Legs >= mostLegs) throw new InvalidOperationException($"Port {port} with {Legs} of {mostLegs} legs has no room.");
        Legs++;
        var seat = new PortSeat<TLeg>(leg, latch);
        Await(seat);
        return seat;
    }

    /// <summary>
    /// The party's SDP, first or changed: its source has to be shown anew. False, and the leg must neither hear nor send here, if another leg
    /// of this port has that address, a live one or one that has just ended and cannot be told from it.
    /// </summary>
    public bool Describe(PortSeat<TLeg> seat, MediaEndpoint address, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(seat);
        if (address.IsNowhere && seat.Described is { } still) address = still; // as the latch has it
        if (seat.Described is { } before && before != address) Move(seat, before, now);
        seat.Described = address;
        Await(seat);
        if (!address.IsNowhere && !TryClaim(seat, address, now)) return false;
        foreach (var own in seat.Claims) own.IsDisputed = false;
        return true;
    }

    /// <summary>For whom a packet is. Allocates nothing, but for the first packet of a guessed source.</summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="ssrc">Its SSRC.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="leg">The leg, with <see cref="PortFinding.Leg"/>; it decides itself whether it believes an unknown source.</param>
    public PortFinding Find(MediaEndpoint source, uint ssrc, TimeSpan now, out TLeg? leg)
    {
        leg = null;
        if (!table.TryGet(port, source, out var claim)) return FindUnknown(source, now, out leg);
        if ((claim.HasEnded && !IsStillThere(claim, ssrc, now)) || (claim.BarredSsrc == ssrc && now < claim.QuietUntil))
        {
            claim.QuietUntil = now + quarantine.Heard;
            if (claim.HasEnded) claim.Hear(ssrc, now);
            return claim.IsGivenUp ? PortFinding.Stranger : PortFinding.Ended;
        }

        if (mostLegs > 1 && ssrc != claim.Ssrc && (claim.IsDisputed || now < claim.HeardAt + SsrcPause)) return PortFinding.Stranger;
        (claim.HeardAt, claim.Ssrc) = (now, ssrc);
        leg = claim.Seat!.Leg;
        return PortFinding.Leg;
    }

    /// <summary>Whose a source is; null if it is nobody's.</summary>
    public TLeg? Owner(MediaEndpoint source) => table.TryGet(port, source, out var claim) ? claim.Seat?.Leg : null;

    /// <summary>A packet has shown the leg's source, and the leg believes it.</summary>
    public void Verify(PortSeat<TLeg> seat, MediaEndpoint source, uint ssrc, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(seat);
        if (!table.TryGet(port, source, out var claim)) claim = Claim(seat, source);
        else if (claim.Seat != seat) throw new InvalidOperationException($"Source {source} on port {port} is not that of the leg that took it.");
        (claim.HeardAt, claim.Ssrc, claim.IsGivenUp) = (now, ssrc, false);
        seat.IsVerified = true;
        AwaitNoMore(seat);
    }

    /// <summary>The leg has ended, or has left for another port.</summary>
    public void Close(PortSeat<TLeg> seat, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(seat);
        Legs--;
        AwaitNoMore(seat);
        if (!seat.IsVerified || mostLegs == 1)
        {
            departed.Add(seat);
            Rest(now + (seat.IsVerified || seat.Described is null ? quarantine.Unheard : quarantine.Heard));
        }

        foreach (var claim in seat.Claims)
        {
            claim.Seat = null;
            End(claim, now);
        }
    }

    /// <summary>Forgets the sources that have been silent for long enough. When to look again; null if there is nothing to wait for.</summary>
    public TimeSpan? Expire(TimeSpan now)
    {
        while (ended.TryPeek(out var claim, out var due) && due <= now)
        {
            ended.Dequeue();
            if (!claim.HasEnded) continue; // another leg has it now
            if (claim.QuietUntil > now) ended.Enqueue(claim, claim.QuietUntil);
            else Forget(claim);
        }

        var next = ended.TryPeek(out _, out var first) ? first : (TimeSpan?)null;
        if (restsUntil > now) return next < restsUntil ? next : restsUntil;
        if (mostLegs > 1) departed.Clear();
        guesses = 0;
        return next;
    }

    /// <summary>The party has said another address and goes on where it was, under the same SSRC.</summary>
    bool IsStillThere(SourceClaim<TLeg> claim, uint ssrc, TimeSpan now) =>
        claim is { IsGivenUp: true, Seat.IsVerified: false, HasSeveral: false } && claim.Ssrc == ssrc && now >= movedUntil;

    PortFinding FindUnknown(MediaEndpoint source, TimeSpan now, out TLeg? leg)
    {
        leg = null;
        if (departed.Count > 0 && (now < restsUntil || Legs == 0)) return Guess(source, now);
        if (now >= movedUntil) leg = open?.Leg;
        return leg is null ? PortFinding.Stranger : PortFinding.Leg;
    }

    /// <summary>May an unknown source be that of a leg that has ended? Then it is nobody's, and above all not the next leg's.</summary>
    PortFinding Guess(MediaEndpoint source, TimeSpan now)
    {
        foreach (var seat in departed)
        {
            if (seat.Latch.Target is null)
            {
                Rest(now + quarantine.Unheard);
                continue;
            }

            if (!seat.Latch.MayBe(source)) continue;
            if (++guesses > MostGuesses) Rest(now + quarantine.Heard);
            else Take(source, now);
            return PortFinding.Ended;
        }

        return PortFinding.Stranger;
    }

    void Take(MediaEndpoint source, TimeSpan now)
    {
        var claim = new SourceClaim<TLeg>(source) { HeardAt = now };
        table.Set(port, source, claim);
        End(claim, now);
    }

    /// <summary>The party goes on elsewhere: where its SDP said that it was, it is no longer. A translated source may stay what it was.</summary>
    void Move(PortSeat<TLeg> seat, MediaEndpoint before, TimeSpan now)
    {
        movedUntil = now + SourceLatch.Farewell;
        if (!table.TryGet(port, before, out var claim) || claim.Seat != seat) return;
        claim.IsGivenUp = true;
        End(claim, now);
    }

    bool TryClaim(PortSeat<TLeg> seat, MediaEndpoint address, TimeSpan now)
    {
        if (!table.TryGet(port, address, out var claim)) claim = Claim(seat, address);
        if (claim.Seat == seat)
        {
            claim.IsGivenUp = false;
            return true;
        }

        if (claim.HasEnded) return TryTakeOver(claim, seat, now);
        claim.IsDisputed = true;
        return false;
    }

    SourceClaim<TLeg> Claim(PortSeat<TLeg> seat, MediaEndpoint source)
    {
        var claim = new SourceClaim<TLeg>(source) { Seat = seat };
        seat.Claims.Add(claim);
        table.Set(port, source, claim);
        return claim;
    }

    /// <summary>By its own SDP the new party is where that of an ended leg was. Only what still comes of the old call is nobody's, if its SSRC is
    /// known; of two old calls nobody keeps count.</summary>
    static bool TryTakeOver(SourceClaim<TLeg> claim, PortSeat<TLeg> seat, TimeSpan now)
    {
        if (now < claim.QuietUntil && (claim.HeardAt is null || claim.HasSeveral || (claim.BarredSsrc is { } before && before != claim.Ssrc))) return false;
        claim.BarredSsrc = claim.Ssrc;
        claim.Seat?.Claims.Remove(claim);
        (claim.Seat, claim.IsGivenUp, claim.HeardAt) = (seat, false, null);
        seat.Claims.Add(claim);
        return true;
    }

    void End(SourceClaim<TLeg> claim, TimeSpan now)
    {
        claim.QuietUntil = now + quarantine.Heard;
        ended.Enqueue(claim, claim.QuietUntil);
    }

    void Forget(SourceClaim<TLeg> claim)
    {
        claim.Seat?.Claims.Remove(claim);
        if (table.TryGet(port, claim.Source, out var current) && current == claim) table.Remove(port, claim.Source);
    }

    void Rest(TimeSpan until) => restsUntil = Later(restsUntil, until);

    void Await(PortSeat<TLeg> seat)
    {
        seat.IsVerified = false;
        if (!unverified.Contains(seat)) unverified.Add(seat);
        open = unverified.Count == 1 ? unverified[0] : null;
    }

    void AwaitNoMore(PortSeat<TLeg> seat)
    {
        unverified.Remove(seat);
        open = unverified.Count == 1 ? unverified[0] : null;
    }

    static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
