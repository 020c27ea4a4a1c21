namespace OrleansCallback.Rates;

/// <summary>Which versions a silo must have in memory: those in force now or within a minute, so that a change waits for nothing. Pure.</summary>
public static class DeckSchedule
{
    /// <summary>How far ahead versions are taken into use.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>How long before the end of what is known it is looked anew.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromSeconds(30);

    /// <summary>The versions that are needed, and the moment from which on others may be.</summary>
    /// <param name="versions">All versions of the decks that are assigned to something.</param>
    /// <param name="now">The time.</param>
    public static (IReadOnlyList<DeckVersion> Needed, DateTimeOffset GoodUntil) Of(IReadOnlyCollection<DeckVersion> versions, DateTimeOffset now)
    {
        var end = now + Ahead;
        var changes = versions.Select(version => (DateTimeOffset?)version.ValidFrom).Concat(versions.Select(version => version.ValidTo))
            .OfType<DateTimeOffset>().Distinct().Order().ToList();
        var moments = changes.Where(change => change > now && change < end).Prepend(now).ToList();
        var needed = versions.GroupBy(version => version.Deck)
            .SelectMany(deck => moments.Select(moment => DeckVersion.InForce(deck, moment)).OfType<DeckVersion>().Distinct()).ToList();
        return (needed, changes.Where(change => change >= end).FirstOrDefault(DateTimeOffset.MaxValue));
    }
}
