namespace OrleansCallback.Trunks;

/// <summary>The owners of one trunk and their blocks of its channels: pure.</summary>
public sealed class TrunkBook
{
    /// <summary>A lease that is not renewed for so long lapses.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(90);

    readonly Dictionary<string, Owner> owners = new(StringComparer.Ordinal);

    /// <summary>
    /// A silo announces itself or renews. Every owner gets an equal share of the channels, but never so many that all blocks together exceed what
    /// is left beside channels in use elsewhere.
    /// </summary>
    /// <returns>The channels of this silo's block.</returns>
    public int Lease(TrunkOffer offer, DateTimeOffset now)
    {
        Lapse(now);
        var others = owners.Where(owner => owner.Key != offer.Silo).Select(owner => owner.Value).ToList();
        var share = offer.MaxChannels / (others.Count + 1);
        var free = offer.MaxChannels - others.Sum(owner => owner.Block);
        var block = Math.Max(offer.UsedChannels, Math.Min(others.Count == 0 ? offer.MaxChannels : share, Math.Max(0, free)));
        owners[offer.Silo] = new(offer, now + LeaseTime, block);
        return block;
    }

    /// <summary>The silo takes no new legs. What its legs use stays counted until they have ended or the lease lapses.</summary>
    public void Withdraw(string silo)
    {
        if (owners.TryGetValue(silo, out var owner)) owners[silo] = owner with { Withdrawn = true };
    }

    /// <summary>An owner that takes new legs: the preferred one, else the one with the most channels left at its last renewal.</summary>
    public TrunkOffer? Choose(string? preferredSilo, DateTimeOffset now)
    {
        Lapse(now);
        return owners.Values.Where(owner => !owner.Withdrawn)
            .OrderByDescending(owner => owner.Offer.Silo == preferredSilo)
            .ThenByDescending(owner => owner.Block - owner.Offer.UsedChannels)
            .ThenBy(owner => owner.Offer.Silo, StringComparer.Ordinal)
            .FirstOrDefault()?.Offer;
    }

    /// <summary>A silo is gone for good: its block is free at once.</summary>
    public void Forget(string silo) => owners.Remove(silo);

    /// <summary>A lapsed block gives back its unused channels alone: legs that were up at the last renewal may still be up.</summary>
    void Lapse(DateTimeOffset now)
    {
        foreach (var (silo, owner) in owners.Where(owner => owner.Value.Until <= now).ToList())
        {
            if (owner.Block == 0) owners.Remove(silo);
            else owners[silo] = owner with { Block = Math.Min(owner.Block, owner.Offer.UsedChannels), Withdrawn = true };
        }
    }

    sealed record Owner(TrunkOffer Offer, DateTimeOffset Until, int Block, bool Withdrawn = false);
}
