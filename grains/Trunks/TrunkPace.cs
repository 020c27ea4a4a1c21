namespace OrleansCallback.Trunks;

/// <summary>
/// Calls a second on one trunk: pure. A call that comes too soon is given a later time; what waits is bounded by <see cref="LongestWait"/>,
/// beyond which it is refused, so that it can take another route.
/// </summary>
public sealed class TrunkPace
{
    /// <summary>The longest time that an INVITE waits for its turn.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    TimeSpan next;

    /// <summary>Takes the next place.</summary>
    /// <param name="perSecond">Calls a second; null: no limit; 0: none at present.</param>
    /// <param name="now">The time.</param>
    /// <returns>How long the INVITE is to wait; null: the queue is full.</returns>
    public TimeSpan? TryTake(double? perSecond, TimeSpan now)
    {
        if (perSecond is not { } pace) return TimeSpan.Zero;
        var at = next > now ? next : now;
        if (pace <= 0 || at - now > LongestWait) return null;
        next = at + TimeSpan.FromSeconds(1 / pace);
        return at - now;
    }
}
