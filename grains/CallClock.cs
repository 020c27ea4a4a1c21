namespace OrleansCallback;

/// <summary>
/// The clock of calls, wallets, trunks and logins. A type of its own so that a test can turn it without turning the cluster's own timers.
/// </summary>
public sealed class CallClock(TimeProvider time)
{
    /// <summary>The provider behind it.</summary>
    public TimeProvider Time => time;

    /// <summary>Wall-clock time (UTC).</summary>
    public DateTimeOffset Now => time.GetUtcNow();
}
