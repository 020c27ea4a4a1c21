namespace OrleansCallback.Trunks;

/// <summary>What a silo offers on the trunks that it owns.</summary>
public interface ITrunkOffers
{
    /// <summary>The tenant.</summary>
    string Site { get; }

    /// <summary>Raised when an offer has changed and is to be told at once: a trunk that went down or came back, or that an administrator changed.</summary>
    event Action? Changed;

    /// <summary>
    /// The trunks whose grains are to be told: those that are owned, and those that were and whose grains do not know yet that all their legs are over.
    /// </summary>
    IReadOnlyList<string> Trunks();

    /// <summary>The offer on a trunk as it is now; null where there is none. The answer to an earlier one counts no more.</summary>
    TrunkOffer? Next(string trunk);

    /// <summary>An offer was answered; the lease is good for <see cref="TrunkBook.LeaseTime"/> from the timestamp on.</summary>
    /// <returns>Whether it counts: false when there has been another offer since.</returns>
    bool Leased(string trunk, TrunkOffer offer, TrunkLease lease, long askedAt);
}
