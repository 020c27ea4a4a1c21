namespace OrleansCallback.Trunks;

/// <summary>What a silo offers on the trunks that it owns.</summary>
public interface ITrunkOffers
{
    /// <summary>The tenant.</summary>
    string Site { get; }

    /// <summary>Raised when an offer has changed and is to be told at once: a trunk that went down or came back, or that an administrator changed.</summary>
    event Action? Changed;

    /// <summary>Owned trunks by id with their present offer; none once the silo drains.</summary>
    IEnumerable<(string Trunk, TrunkOffer Offer)> Current();

    /// <summary>What was leased for <see cref="TrunkBook.LeaseTime"/> from a timestamp on.</summary>
    void Leased(string trunk, TrunkLease lease, long askedAt);

    /// <summary>Trunks that this silo has owned and owns no more since the last call: their grains are told.</summary>
    IReadOnlyList<string> TakeGivenUp();

    /// <summary>This silo, as <c>SiloAddress.ToParsableString()</c>.</summary>
    string Silo { get; }
}
