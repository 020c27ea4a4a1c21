namespace OrleansCallback.Calls;

/// <summary>The bounds of a call's waits and queues that are not a site's to choose.</summary>
public static class CallLimits
{
    /// <summary>How long a request to place a callback waits for the money to be held.</summary>
    public static readonly TimeSpan Admission = TimeSpan.FromSeconds(2);

    /// <summary>How long any one call to a grain or the ledger is waited for.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    /// <summary>First wait before a write whose outcome is unknown is looked into; doubles up to <see cref="LongestRetry"/>.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait between two tries to make something durable.</summary>
    public static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    /// <summary>After so long without terminal news a leg is told again to hang up.</summary>
    public static readonly TimeSpan HangUpAgain = TimeSpan.FromSeconds(3);

    /// <summary>A leg that its silo no longer knows may still have news under way for so long.</summary>
    public static readonly TimeSpan MissingLeg = TimeSpan.FromSeconds(10);

    /// <summary>Wait before two legs are joined again that could not be joined.</summary>
    public static readonly TimeSpan JoinAgain = TimeSpan.FromSeconds(1);

    /// <summary>Shortest wait before money is asked for again that was refused during the call.</summary>
    public static readonly TimeSpan ShortestRenewal = TimeSpan.FromSeconds(1);

    /// <summary>A word before the end of the grant needs so much time to be heard and acted upon.</summary>
    public static readonly TimeSpan ShortestWarning = TimeSpan.FromSeconds(3);

    /// <summary>An ended session stays in memory for so long, for those who read its end.</summary>
    public static readonly TimeSpan Afterglow = TimeSpan.FromSeconds(30);

    /// <summary>Tries of one command whose answer did not come.</summary>
    public const int MostTries = 3;

    /// <summary>Attempts of one leg over all trunks of its route.</summary>
    public const int MostAttempts = 4;

    /// <summary>Attempts of one leg on one trunk: the second goes to another owner.</summary>
    public const int MostOnTrunk = 2;

    /// <summary>A leg with less of its ring limit left than this, or than half of the limit, goes to no other trunk.</summary>
    public static readonly TimeSpan ShortestRing = TimeSpan.FromSeconds(10);

    /// <summary>Most events of one call; more is a fault in the flow.</summary>
    public const int MostEvents = 16;

    /// <summary>Most subscriptions to one call's events: one per web node.</summary>
    public const int MostSubscribers = 64;

    /// <summary>Most news taken in one report.</summary>
    public const int MostNews = 64;
}
