using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace OrleansCallback.Trunks;

/// <summary>Answers for its silo; placed on the silo in its key by the hint of who asks, and of no use anywhere else.</summary>
[RandomPlacement, Immovable, Reentrant]
sealed class SiloTrunksGrain(ITrunkOffers offers, ILocalSiloDetails silo) : Grain, ISiloTrunksGrain
{
    public Task<TrunkOffer?> Offer(string trunk)
    {
        if (GrainKeys.NameOf(this.GetPrimaryKeyString()) == silo.SiloAddress.ToParsableString())
            return Task.FromResult(offers.Next(trunk));
        DeactivateOnIdle();
        return Task.FromResult<TrunkOffer?>(null);
    }
}
