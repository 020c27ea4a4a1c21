namespace OrleansCallback.Sip.Rtp;

/// <summary>What a look at a grant brings up, each at most once.</summary>
public enum GrantNews : byte
{
    /// <summary>Nothing to say.</summary>
    None,

    /// <summary>What is left has fallen to the threshold: ask for more. Once per extension.</summary>
    Low,

    /// <summary>Its end is near and nothing has lengthened it: tell the party. Once per extension.</summary>
    Ending,

    /// <summary>It is used up. Final: nothing extends it after this.</summary>
    Ended,
}

/// <summary>The time that is paid for, counted from the answer on a monotonic clock. Media flows only inside it, so that a call whose owner
/// is gone ends by itself. It never shrinks.</summary>
public sealed class MediaGrant
{
    TimeSpan? startedAt;
    TimeSpan? granted;
    TimeSpan lowAtLeft;
    TimeSpan endingAtLeft;
    bool lowSaid;
    bool endingSaid;

    /// <summary>Whether the end has been reached and said.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The granted time since the answer; null before the first grant.</summary>
    public TimeSpan? Granted => granted;

    /// <summary>Starts the clock at the answer; only the first start counts.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="elapsed">What has already passed since the answer, when the clock starts later than that.</param>
    public void Start(TimeSpan now, TimeSpan elapsed) => startedAt ??= now - elapsed;

    /// <summary>Sets the granted time since the answer. False, and nothing changes, if it is not longer than what stands or if the end has
    /// been reached.</summary>
    /// <param name="sinceAnswer">Time since the answer that is paid for.</param>
    /// <param name="lowThreshold">What is left when more is to be asked for.</param>
    /// <param name="endingThreshold">What is left when the party is to be told; zero: it is not.</param>
    public bool Extend(TimeSpan sinceAnswer, TimeSpan lowThreshold, TimeSpan endingThreshold = default)
    {
        if (HasEnded || sinceAnswer <= (granted ?? TimeSpan.MinValue)) return false;
        granted = sinceAnswer;
        lowAtLeft = lowThreshold;
        endingAtLeft = endingThreshold;
        (lowSaid, endingSaid) = (false, endingThreshold <= TimeSpan.Zero);
        return true;
    }

    /// <summary>Whether media may flow now: not before the answer, not without a grant, not after its end.</summary>
    public bool Allows(TimeSpan now) => !HasEnded && startedAt is { } start && granted is { } limit && now - start < limit;

    /// <summary>What there is to tell the owner.</summary>
    public GrantNews Check(TimeSpan now)
    {
        if (HasEnded || startedAt is not { } start || granted is not { } limit) return GrantNews.None;
        var left = limit - (now - start);
        if (left <= TimeSpan.Zero)
        {
            HasEnded = true;
            return GrantNews.Ended;
        }

        if (!lowSaid && left <= lowAtLeft)
        {
            lowSaid = true;
            return GrantNews.Low;
        }

        if (endingSaid || left > endingAtLeft) return GrantNews.None;
        endingSaid = true;
        return GrantNews.Ending;
    }

    /// <summary>When <see cref="Check"/> has something to say if nothing changes before; null for never.</summary>
    public TimeSpan? NextCheck =>
        HasEnded || startedAt is not { } start || granted is not { } limit ? null
        : start + limit - Max(Max(lowSaid ? TimeSpan.Zero : lowAtLeft, endingSaid ? TimeSpan.Zero : endingAtLeft), TimeSpan.Zero);

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
