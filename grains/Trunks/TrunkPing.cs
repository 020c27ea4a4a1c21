namespace OrleansCallback.Trunks;

/// <summary>
/// When a trunk is asked with OPTIONS, and what its silence means: pure. Many carriers answer INVITE and ignore OPTIONS, so that silence counts
/// only of one that has answered OPTIONS before, and no more once it has answered a call in spite of it.
/// </summary>
/// <param name="begun">When the trunk was first looked at: the first OPTIONS goes out a whole interval later.</param>
public sealed class TrunkPing(TimeSpan begun)
{
    /// <summary>An answer that has not come by then is none.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>After one that failed the next goes out so soon.</summary>
    public static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>A trunk that is down is asked so soon after its pause.</summary>
    static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);

    enum Manner
    {
        Unknown,
        Answers,
        Ignores,
    }

    Manner manner;
    TimeSpan at = begun;
    string? open;
    bool failed;

    /// <summary>Whether the trunk is to be asked now.</summary>
    /// <param name="interval">How often it is asked while all is well.</param>
    /// <param name="isDown">Whether it takes no calls until a probe is answered, and may be probed.</param>
    /// <param name="now">The time.</param>
    public bool IsDue(TimeSpan interval, bool isDown, TimeSpan now)
    {
        if (open is not null) return false;
        var wait = manner == Manner.Ignores ? interval : isDown ? Probe : failed && AfterFailure < interval ? AfterFailure : interval;
        return now - at >= wait;
    }

    /// <summary>It is asked.</summary>
    public void Ask(string key, TimeSpan now) => (open, at) = (key, now);

    /// <summary>The question could not leave for want of room here: that says nothing about the trunk.</summary>
    public void Drop(string key) => Close(key);

    /// <summary>The trunk answered.</summary>
    /// <param name="key">The question.</param>
    /// <param name="isWell">Whether it can take calls.</param>
    /// <returns>False if the answer came too late.</returns>
    public bool TryAnswer(string key, bool isWell)
    {
        if (!Close(key)) return false;
        (manner, failed) = (Manner.Answers, !isWell);
        return true;
    }

    /// <summary>The trunk could not be reached at all, whether it answers OPTIONS or not.</summary>
    public bool TryFail(string key) => failed = Close(key);

    /// <summary>Looks whether an answer is overdue.</summary>
    /// <returns>Whether that counts as a failure of the trunk.</returns>
    public bool IsFailure(TimeSpan now)
    {
        if (open is null || now - at < AnswerLimit) return false;
        open = null;
        if (manner == Manner.Unknown) manner = Manner.Ignores;
        return failed = manner == Manner.Answers;
    }

    /// <summary>A call was answered: where OPTIONS last was not, the carrier has ceased to answer that alone.</summary>
    public void CallAnswered()
    {
        if (failed && manner == Manner.Answers) (manner, failed) = (Manner.Ignores, false);
    }

    bool Close(string key)
    {
        if (open != key) return false;
        open = null;
        return true;
    }
}
