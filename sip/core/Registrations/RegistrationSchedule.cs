namespace OrleansCallback.Sip;

/// <summary>
/// When a REGISTER is sent again: pure. A chance from 0 to 1 spreads the requests of many registrations that began, or failed, together.
/// </summary>
public static class RegistrationSchedule
{
    /// <summary>The longest binding that is believed, and that is asked for after a 423.</summary>
    public static readonly TimeSpan LongestExpires = TimeSpan.FromDays(1);

    /// <summary>A refresh has so long before the binding lapses: enough for a timeout (timer F) and another try.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    /// <summary>No refresh comes sooner.</summary>
    public static readonly TimeSpan ShortestRefresh = TimeSpan.FromMilliseconds(400);

    /// <summary>The first wait after silence or a fault of the registrar's.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);

    /// <summary>The first wait after a refusal: asking sooner would only lock the account.</summary>
    public static readonly TimeSpan FirstWaitRefused = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait of our own.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>Retry-After is heeded up to this.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>After how long a binding is refreshed: always before it lapses, and at the earliest at two fifths of its time.</summary>
    /// <param name="granted">How long it is good for.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan Refresh(TimeSpan granted, double chance)
    {
        var latest = granted - Shorter(Margin, granted / 2);
        var spread = Shorter(Margin / 2, granted / 10);
        return Longer(ShortestRefresh, latest - spread * chance);
    }

    /// <summary>After how long a failed one is tried again: from half to the whole of a wait that doubles (RFC 5626 section 4.5).</summary>
    /// <param name="failures">Failures in a row, this one included.</param>
    /// <param name="code">The final response, or 408 or 503 for none.</param>
    /// <param name="asked">Retry-After; null for none.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan Retry(int failures, int code, TimeSpan? asked, double chance)
    {
        var first = code is 408 or >= 500 and < 600 or < 300 ? FirstWait : FirstWaitRefused;
        var wait = Shorter(LongestWait, first * Math.Pow(2, Math.Clamp(failures - 1, 0, 16)));
        return Longer(wait * (0.5 + chance / 2), Shorter(LongestAsked, asked ?? TimeSpan.Zero));
    }

    static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
