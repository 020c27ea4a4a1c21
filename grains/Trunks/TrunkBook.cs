namespace OrleansCallback.Trunks;

/// <summary>
/// The owners of one trunk and their blocks of its channels: pure. What an owner may use at most is the larger of what it said it held and what it
/// was granted after that; only the rest is granted to others. So a block that shrinks is free once its owner has said that it holds less, however
/// long the answer took or whether it came at all.
/// </summary>
public sealed class TrunkBook
{
    /// <summary>A lease that is not renewed for so long lapses.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(90);

    readonly Dictionary<string, Owner> owners = new(StringComparer.Ordinal);

    /// <summary>
    /// A silo announces itself, renews, or says that it takes no new legs. Who can take legs shares the channels equally, what cannot be divided
    /// goes to the first by name; channels in use are never taken away. An offer that was overtaken by a later one changes nothing.
    /// </summary>
    /// <returns>What it may use from now on.</returns>
    public TrunkLease Lease(TrunkOffer offer, DateTimeOffset now)
    {
        Lapse(now);
        if (owners.TryGetValue(offer.Silo, out var known) && offer.Number < known.Offer.Number) return known.Lease;
        var others = owners.Values.Where(owner => owner.Offer.Silo != offer.Silo).ToList();
        var (sharers, kept) = Sharers(offer, others, now);
        var place = sharers.IndexOf(offer.Silo);
        var share = place < 0 ? 0 : Share(offer.MaxChannels - kept, sharers.Count, place);
        var free = offer.MaxChannels - others.Sum(owner => owner.Block);
        var lease = new TrunkLease(Math.Max(offer.UsedChannels, Math.Min(share, free)), Pace(offer, sharers.Count, place, others), share);
        owners[offer.Silo] = Of(offer, lease, now);
        return lease;
    }

    /// <summary>A book that is new learns all owners at once, with what each holds by the book before it.</summary>
    public void Restore(IReadOnlyList<TrunkOffer> offers, DateTimeOffset now)
    {
        foreach (var offer in offers) owners.TryAdd(offer.Silo, Of(offer, new(offer.HeldChannels, null), now));
    }

    /// <summary>
    /// An owner that takes new legs and can send them: one that has channels left, as far as is known; the preferred one of these, else the one with
    /// the most left.
    /// </summary>
    /// <param name="preferredSilo">Whom to choose rather than another.</param>
    /// <param name="now">The time.</param>
    /// <param name="fullSilo">Who has just refused a leg for want of a channel: it is not chosen.</param>
    public TrunkOffer? Choose(string? preferredSilo, DateTimeOffset now, string? fullSilo = null)
    {
        Lapse(now);
        var chosen = owners.Values.Where(owner => !owner.Withdrawn && !owner.Pauses(now) && owner.Offer.Silo != fullSilo)
            .OrderByDescending(owner => owner.Left > 0)
            .ThenByDescending(owner => owner.Left > 0 && owner.Offer.Silo == preferredSilo)
            .ThenByDescending(owner => owner.Left)
            .ThenByDescending(owner => owner.Lease.Channels)
            .ThenBy(owner => owner.Offer.Silo, StringComparer.Ordinal)
            .FirstOrDefault();
        if (chosen is null) return null;
        owners[chosen.Offer.Silo] = chosen with { Sent = chosen.Sent + 1 };
        return chosen.Offer;
    }

    /// <summary>All owners as they last told.</summary>
    public IReadOnlyList<TrunkOwner> Owners(DateTimeOffset now)
    {
        Lapse(now);
        return
        [
            .. owners.Values.OrderBy(owner => owner.Offer.Silo, StringComparer.Ordinal).Select(owner => new TrunkOwner(
                owner.Offer.Silo, owner.Offer.Condition, owner.Pauses(now) ? owner.PausedUntil - now : null,
                owner.Lease.Channels, owner.Offer.UsedChannels, owner.Withdrawn, owner.Offer.Registration)),
        ];
    }

    /// <summary>A silo is gone for good: its block is free at once.</summary>
    public void Forget(string silo) => owners.Remove(silo);

    /// <summary>
    /// Who the channels are shared among, by name, and how many of them stay with who is not: those who can send a leg now, or if that is nobody,
    /// all who take new ones.
    /// </summary>
    static (List<string> Silos, int Kept) Sharers(TrunkOffer offer, List<Owner> others, DateTimeOffset now)
    {
        var (open, able) = (others.Where(owner => !owner.Withdrawn).ToList(), others.Where(owner => !owner.Withdrawn && !owner.Pauses(now)).ToList());
        var (mayShare, canSend) = (!offer.Leaving, !offer.Leaving && offer.Pause is null);
        var nobodyCan = able.Count == 0 && !canSend;
        var sharers = nobodyCan ? open : able;
        List<string> silos = [.. sharers.Select(owner => owner.Offer.Silo)];
        if (nobodyCan ? mayShare : canSend) silos.Add(offer.Silo);
        silos.Sort(StringComparer.Ordinal);
        return (silos, others.Except(sharers).Sum(owner => owner.Block));
    }

    /// <summary>Calls a second are shared among those who have a channel to make them on, and never more than the trunk's.</summary>
    static double? Pace(TrunkOffer offer, int sharers, int place, List<Owner> others)
    {
        if (offer.CallsPerSecond <= 0) return null;
        var callers = Math.Min(sharers, offer.MaxChannels);
        if (place < 0 || place >= callers) return 0;
        return Math.Max(0, Math.Min(offer.CallsPerSecond / callers, offer.CallsPerSecond - others.Sum(owner => owner.Lease.CallsPerSecond ?? 0)));
    }

    static int Share(int channels, int sharers, int place) => Math.Max(0, channels / sharers + (place < channels % sharers ? 1 : 0));

    static Owner Of(TrunkOffer offer, TrunkLease lease, DateTimeOffset now) =>
        new(offer, lease, Math.Max(offer.HeldChannels, lease.Channels), now + LeaseTime, now + offer.Pause, offer.Leaving);

    /// <summary>A lapsed block gives back its unused channels alone: legs that were up at the last renewal, or sent there since, may still be up.</summary>
    void Lapse(DateTimeOffset now)
    {
        foreach (var (silo, owner) in owners.Where(owner => owner.Value.Until <= now).ToList())
        {
            var used = Math.Min(owner.Block, owner.Offer.UsedChannels + owner.Sent);
            if (used == 0) owners.Remove(silo);
            else owners[silo] = owner with { Block = used, Lease = new(used, 0), Withdrawn = true };
        }
    }

    /// <summary>An owner.</summary>
    /// <param name="Offer">What it last told.</param>
    /// <param name="Lease">What it was last granted.</param>
    /// <param name="Block">What it may use until it tells otherwise.</param>
    /// <param name="Until">When its lease lapses.</param>
    /// <param name="PausedUntil">When it can send legs again.</param>
    /// <param name="Withdrawn">It takes no new legs.</param>
    /// <param name="Sent">Legs that were sent there since it last told.</param>
    sealed record Owner(TrunkOffer Offer, TrunkLease Lease, int Block, DateTimeOffset Until, DateTimeOffset? PausedUntil, bool Withdrawn, int Sent = 0)
    {
        public int Left => Math.Max(0, Lease.Channels - Offer.UsedChannels - Sent);

        public bool Pauses(DateTimeOffset now) => PausedUntil > now;
    }
}
