namespace OrleansCallback.Trunks;

/// <summary>
/// The circuit breaker of one trunk: pure. After <see cref="Failures"/> failures in a row the trunk is down for a time that doubles with each
/// probe that fails; one that is answered brings it back.
/// </summary>
public sealed class TrunkBreaker
{
    /// <summary>So many failures in a row take a trunk down.</summary>
    public const int Failures = 5;

    /// <summary>How long a trunk is down before the first probe.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    /// <summary>The longest time between two probes.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>What a carrier asks for in Retry-After is heeded up to this.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    /// <summary>A probe that told nothing in this time counts as failed: above timer B and a ring.</summary>
    public static readonly TimeSpan ProbeLimit = TimeSpan.FromMinutes(1);

    int failures;
    int pauses;
    TimeSpan until;

    /// <summary>How it stands.</summary>
    public TrunkCondition Condition { get; private set; }

    /// <summary>When a trunk that does not take calls may be tried again, on the clock of the inputs; meaningless while it is up.</summary>
    public TimeSpan Until => until;

    /// <summary>Whether a call may go out now; the first one after a pause is the probe.</summary>
    public bool TryCall(TimeSpan now)
    {
        if (Condition == TrunkCondition.Up) return true;
        if (now < until) return false;
        if (Condition == TrunkCondition.Resting)
        {
            Condition = TrunkCondition.Up;
            return true;
        }

        (Condition, until) = (TrunkCondition.Probing, now + ProbeLimit);
        return true;
    }

    /// <summary>Whether a call could go out now, without taking the probe.</summary>
    public bool MayCall(TimeSpan now) => Condition == TrunkCondition.Up || now >= until;

    /// <summary>The carrier answered with anything that is no fault of its own.</summary>
    /// <returns>Whether the condition changed.</returns>
    public bool Answered(TimeSpan now)
    {
        failures = 0;
        if (Condition == TrunkCondition.Up || (Condition == TrunkCondition.Resting && now < until)) return false;
        (Condition, pauses, until) = (TrunkCondition.Up, 0, default);
        return true;
    }

    /// <summary>No answer, a transport error, or 5xx.</summary>
    /// <param name="retryAfter">Retry-After of a 503: the trunk rests that long.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether the condition changed.</returns>
    public bool Failed(TimeSpan? retryAfter, TimeSpan now)
    {
        var before = Condition;
        failures++;
        if (before is TrunkCondition.Probing || (before == TrunkCondition.Up && failures >= Failures) || (before == TrunkCondition.Down && now >= until))
            GoDown(now);
        if (retryAfter is { } rest && rest > TimeSpan.Zero) Rest(rest, now);
        return Condition != before;
    }

    void GoDown(TimeSpan now)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(pauses, 16));
        pauses++;
        (Condition, until) = (TrunkCondition.Down, now + (pause < LongestPause ? pause : LongestPause));
    }

    void Rest(TimeSpan rest, TimeSpan now)
    {
        var end = now + (rest < LongestRest ? rest : LongestRest);
        if (Condition == TrunkCondition.Up) Condition = TrunkCondition.Resting;
        if (end > until) until = end;
    }
}
