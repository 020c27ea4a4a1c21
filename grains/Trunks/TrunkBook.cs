namespace OrleansCallback.Trunks;

/// <summary>The owners of one trunk and their blocks of its channels: pure.</summary>
public sealed class TrunkBook
{
    /// <summary>A lease that is not renewed for so long lapses.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(90);

    readonly Dictionary<string, Owner> owners = new(StringComparer.Ordinal);

    /// <summary>
    /// A silo announces itself or renews. Every owner gets an equal share of the channels, but never so many that all blocks together exceed what
    /// is left beside channels in use elsewhere; calls a second are shared alike.
    /// </summary>
    /// <returns>This silo's share.</returns>
    public TrunkLease Lease(TrunkOffer offer, DateTimeOffset now)
    {
        Lapse(now);
        var others = owners.Where(owner => owner.Key != offer.Silo).Select(owner => owner.Value).ToList();
        var share = offer.MaxChannels / (others.Count + 1);
        var free = offer.MaxChannels - others.Sum(owner => owner.Block);
        var block = Math.Max(offer.UsedChannels, Math.Min(others.Count == 0 ? offer.MaxChannels : share, Math.Max(0, free)));
        var calls = Math.Max(0, Math.Min(offer.CallsPerSecond / (others.Count(owner => !owner.Withdrawn) + 1), offer.CallsPerSecond - others.Sum(owner => owner.Calls)));
        owners[offer.Silo] = Of(offer, block, calls, now);
        return new(block, offer.CallsPerSecond > 0 ? calls : null);
    }

    /// <summary>A book that is new learns all owners at once: each keeps what it uses, the rest is shared.</summary>
    public void Restore(IReadOnlyList<TrunkOffer> offers, DateTimeOffset now)
    {
        foreach (var offer in offers)
        {
            var free = Math.Max(0, offer.MaxChannels - offers.Sum(other => other.UsedChannels));
            owners.TryAdd(offer.Silo, Of(offer, offer.UsedChannels + free / offers.Count, offer.CallsPerSecond / offers.Count, now));
        }
    }

    /// <summary>The silo takes no new legs. What its legs use stays counted until they have ended or the lease lapses.</summary>
    public void Withdraw(string silo)
    {
        if (owners.TryGetValue(silo, out var owner)) owners[silo] = owner with { Withdrawn = true, Calls = 0 };
    }

    /// <summary>An owner that takes new legs and can send them: the preferred one, else the one with the most channels left at its last renewal.</summary>
    public TrunkOffer? Choose(string? preferredSilo, DateTimeOffset now)
    {
        Lapse(now);
        return owners.Values.Where(owner => !owner.Withdrawn && !(owner.PausedUntil > now))
            .OrderByDescending(owner => owner.Block > owner.Offer.UsedChannels)
            .ThenByDescending(owner => owner.Offer.Silo == preferredSilo)
            .ThenByDescending(owner => owner.Block - owner.Offer.UsedChannels)
            .ThenBy(owner => owner.Offer.Silo, StringComparer.Ordinal)
            .FirstOrDefault()?.Offer;
    }

    /// <summary>All owners as they last told.</summary>
    public IReadOnlyList<TrunkOwner> Owners(DateTimeOffset now)
    {
        Lapse(now);
        return
        [
            .. owners.Values.OrderBy(owner => owner.Offer.Silo, StringComparer.Ordinal).Select(owner => new TrunkOwner(
                owner.Offer.Silo, owner.Offer.Condition, owner.PausedUntil > now ? owner.PausedUntil - now : null,
                owner.Block, owner.Offer.UsedChannels, owner.Withdrawn, owner.Offer.Registration)),
        ];
    }

    /// <summary>A silo is gone for good: its block is free at once.</summary>
    public void Forget(string silo) => owners.Remove(silo);

    static Owner Of(TrunkOffer offer, int block, double calls, DateTimeOffset now) => new(offer, now + LeaseTime, block, calls, now + offer.Pause);

    /// <summary>A lapsed block gives back its unused channels alone: legs that were up at the last renewal may still be up.</summary>
    void Lapse(DateTimeOffset now)
    {
        foreach (var (silo, owner) in owners.Where(owner => owner.Value.Until <= now).ToList())
        {
            if (owner.Block == 0) owners.Remove(silo);
            else owners[silo] = owner with { Block = Math.Min(owner.Block, owner.Offer.UsedChannels), Calls = 0, Withdrawn = true };
        }
    }

    sealed record Owner(TrunkOffer Offer, DateTimeOffset Until, int Block, double Calls, DateTimeOffset? PausedUntil, bool Withdrawn = false);
}
