namespace OrleansCallback.Sip;

/// <summary>
/// The session timer of one dialog (RFC 4028): either side may be the one that refreshes, and the other one hangs up when it does not.
/// </summary>
sealed class SessionTimer
{
    /// <summary>The shortest and the longest interval that is worked with, whatever the peer says.</summary>
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromDays(1);

    /// <summary>BYE goes out so long before the session expires, or a third of the interval if that is less (RFC 4028 section 10).</summary>
    static readonly TimeSpan Margin = TimeSpan.FromSeconds(32);

    /// <summary>How long a refresh waits for another change of the session to end, and the shortest wait after one that failed.</summary>
    static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(1);

    readonly DialogUsage usage;
    readonly SipTimer refresh, expiry;
    TimeSpan interval, minimum;
    bool weRefresh;

    public SessionTimer(DialogUsage usage)
    {
        this.usage = usage;
        minimum = Options.MinSessionExpires;
        refresh = new SipTimer(OnRefresh);
        expiry = new SipTimer(OnExpiry);
    }

    public bool IsOn => expiry.IsRunning;

    UserAgentOptions Options => usage.Call.Core.Options;

    TimerHeap Heap => usage.Call.Core.Heap;

    /// <summary>The headers of an INVITE that opens a dialog (RFC 4028 section 7.1).</summary>
    public static IEnumerable<HeaderLine> Offer(UserAgentOptions options, TimeSpan? learnedMinimum)
    {
        if (options.SessionExpires is not { } wanted) return [];
        var minimum = learnedMinimum ?? options.MinSessionExpires;
        return [SessionExpires.Line(wanted < minimum ? minimum : wanted), SessionExpires.Minimum(minimum)];
    }

    /// <summary>True for a request that gets 422: only of a peer that would understand it (RFC 4028 section 9).</summary>
    public static bool IsTooShort(SipMessage request, UserAgentOptions options) =>
        options.SessionExpires is not null && SessionExpires.Of(request)?.Interval < options.MinSessionExpires
        && request.Lists(HeaderId.Supported, Capabilities.Timer);

    /// <summary>The Min-SE of a 422 that is worth another try: above what was asked for.</summary>
    public static TimeSpan? Larger(SipMessage response, TimeSpan asked) =>
        SessionExpires.MinimumOf(response) is { } minimum && minimum > asked && minimum <= Longest ? minimum : null;

    /// <summary>The headers of a re-INVITE or UPDATE of ours: roles stay as they are (RFC 4028 section 7.4).</summary>
    public IEnumerable<HeaderLine> RequestHeaders() =>
        IsOn ? [SessionExpires.Line(interval, refresherIsCaller: weRefresh), SessionExpires.Minimum(minimum)] : [];

    /// <summary>The 422 of a refresh: true when it is to be sent again with what the peer wants.</summary>
    public bool TryRaise(SipMessage response)
    {
        if (!IsOn || Larger(response, interval) is not { } larger) return false;
        (minimum, interval) = (larger, larger);
        return true;
    }

    /// <summary>A 2xx to an INVITE or UPDATE of ours says how long the session lives and who refreshes it (RFC 4028 section 7.2).</summary>
    public void OnSuccess(SipMessage response, TimeSpan now)
    {
        if (Options.SessionExpires is not null && SessionExpires.Of(response) is { } agreed)
            Start(agreed.Interval, agreed.RefresherIsCaller ?? true, now);
        else Stop();
    }

    /// <summary>Takes what an INVITE or UPDATE of the peer asks for, and gives the headers of our 2xx (RFC 4028 section 9).</summary>
    public IReadOnlyList<HeaderLine> Accept(SipMessage request, TimeSpan now)
    {
        var asked = SessionExpires.Of(request);
        var knowsTimers = request.Lists(HeaderId.Supported, Capabilities.Timer);
        if (Options.SessionExpires is not { } wanted || (asked is null && !knowsTimers))
        {
            Stop();
            return [];
        }
        var least = SessionExpires.MinimumOf(request) is { } min && min > Options.MinSessionExpires ? min : Options.MinSessionExpires;
        var ours = wanted < least ? least : wanted;
        var chosen = asked is { } a && a.Interval < ours ? a.Interval : ours;
        var callerRefreshes = knowsTimers && (asked?.RefresherIsCaller ?? (!IsOn || !weRefresh));
        Start(chosen, ours: !callerRefreshes, now);
        var line = SessionExpires.Line(interval, callerRefreshes);
        return callerRefreshes ? [new HeaderLine(HeaderId.Require, Capabilities.Timer), line] : [line];
    }

    /// <summary>A refresh failed, yet the dialog stands: once more while there is time, at the latest after half of what is left.</summary>
    public void TryAgain(TimeSpan? after, TimeSpan now)
    {
        if (!IsOn) return;
        var half = (expiry.Due - now) / 2;
        var wait = after is { } asked && asked < half ? asked : half;
        Heap.Set(refresh, now + (wait < BusyWait ? BusyWait : wait));
    }

    public void Stop()
    {
        Heap.Cancel(refresh);
        Heap.Cancel(expiry);
    }

    void Start(TimeSpan agreed, bool ours, TimeSpan now)
    {
        interval = agreed < Shortest ? Shortest : agreed > Longest ? Longest : agreed;
        weRefresh = ours;
        var margin = interval / 3 < Margin ? interval / 3 : Margin;
        Heap.Set(expiry, now + interval - margin);
        if (ours) Heap.Set(refresh, now + interval / 2);
        else Heap.Cancel(refresh);
    }

    void OnRefresh(TimeSpan now)
    {
        if (usage.IsBusy || !usage.Call.IsEstablished) Heap.Set(refresh, now + BusyWait);
        else usage.Refresh(now);
    }

    void OnExpiry(TimeSpan now)
    {
        Heap.Cancel(refresh);
        usage.Call.ByeAndFinish(new HangUpReason(SipCode: 408, Text: "Session expired"), EndCause.SessionExpired, now);
    }
}
