namespace OrleansCallback.Sip;

/// <summary>One leg of <see cref="BridgeOffers"/>: which rung of the ladder it stands on, and what it was offered.</summary>
sealed class BridgeSide
{
    /// <summary>The rung of a leg whose session is not known.</summary>
    const int Unknown = -1;

    readonly int bottom;
    int refusals, delays;
    bool wasSlow;

    public BridgeSide(int leg, IReadOnlyList<AudioCodec> codecs, int bottom)
    {
        (Leg, Rung, this.bottom) = (leg, bottom, bottom);
        G711 = [.. codecs.Where(AudioCodecs.IsG711)];
    }

    public int Leg { get; }

    public IReadOnlyList<AudioCodec> G711 { get; }

    /// <summary>What it speaks now.</summary>
    public int Rung { get; private set; }

    /// <summary>Nothing above this is offered to anybody any more.</summary>
    public int Limit { get; private set; }

    /// <summary>It speaks a wider codec.</summary>
    public bool IsWide => Rung >= 0 && Rung < bottom;

    /// <summary>Our offer waits for its answer.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The other leg is brought back until this one has answered.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>When an offer that was put off is made after all.</summary>
    public TimeSpan? RetryAt { get; private set; }

    /// <summary>The best of our open or last offer.</summary>
    public int Offered { get; private set; }

    /// <summary>Whether it will yet get or answer an offer.</summary>
    public bool IsPending(TimeSpan now) => IsOpen || RetryAt > now;

    /// <summary>Its answer agreed on nothing.</summary>
    public void Lose() => Rung = Unknown;

    public void Open(int rung) => (IsOpen, Offered, RetryAt) = (true, rung, null);

    public void Answer(int rung)
    {
        (IsOpen, IsSlow, delays, refusals) = (false, false, 0, 0);
        Rung = rung;
        if (Offered < bottom) Lower(rung);
    }

    /// <summary>It has changed by an offer of its own; what was put off is thought over.</summary>
    public void Change(int rung)
    {
        // One that leaves a wider codec does not want it; one that only repeats its G.711 has not been asked.
        if (Rung < bottom) Lower(rung);
        Rung = rung;
        if (!IsOpen) (IsSlow, RetryAt) = (false, null);
    }

    /// <summary>False when it is past help: it does not take G.711 back.</summary>
    public bool TryRefuse(TimeSpan now)
    {
        (IsOpen, IsSlow, delays) = (false, false, 0);
        if (Offered < bottom) Lower(bottom);
        else RetryAt = now + BridgeOffers.Pause;
        return Offered < bottom || ++refusals < BridgeOffers.MostRefusals;
    }

    /// <summary>False when it has been put off too often.</summary>
    public bool TryDelay(TimeSpan now)
    {
        IsOpen = false;
        RetryAt = now + BridgeOffers.Pause;
        return ++delays <= BridgeOffers.MostDelays;
    }

    public void TakeTooLong()
    {
        if (wasSlow) Lower(bottom);
        wasSlow = IsSlow = true;
    }

    void Lower(int rung) => Limit = Math.Max(Limit, rung);
}
