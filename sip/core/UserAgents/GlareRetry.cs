namespace OrleansCallback.Sip;

/// <summary>Both sides changed the session at the same time: the wait before ours is tried again (RFC 3261 section 14.1).</summary>
sealed class GlareRetry
{
    /// <summary>The most tries when both sides go on doing so.</summary>
    const int MaxGlares = 4;

    readonly DialogUsage usage;
    readonly Action<TimeSpan> again;
    readonly SipTimer timer;
    int glares;

    public GlareRetry(DialogUsage usage, Action<TimeSpan> again)
    {
        (this.usage, this.again) = (usage, again);
        timer = new SipTimer(OnTimer);
    }

    public bool IsWaiting => timer.IsRunning;

    /// <summary>False when it has been tried often enough.</summary>
    public bool TryWait(TimeSpan now)
    {
        if (++glares >= MaxGlares) return false;
        usage.Call.Core.Heap.Set(timer, now + Wait());
        return true;
    }

    public void Stop() => usage.Call.Core.Heap.Cancel(timer);

    /// <summary>An offer of ours that a re-INVITE of the peer's asked for may still wait for its answer; that has an end of its own.</summary>
    void OnTimer(TimeSpan now)
    {
        if (usage.Media.State == OfferState.Stable) again(now);
        else usage.Call.Core.Heap.Set(timer, now + usage.Call.Core.Options.Timers.T1);
    }

    /// <summary>The owner of the Call-ID waits 2.1-4 s, the other side 0-2 s, in steps of 10 ms.</summary>
    TimeSpan Wait()
    {
        var tokens = usage.Call.Core.Tokens;
        return TimeSpan.FromMilliseconds(usage.Call.OwnsCallId ? 2_100 + 10 * tokens.Number(191) : 10 * tokens.Number(201));
    }
}
