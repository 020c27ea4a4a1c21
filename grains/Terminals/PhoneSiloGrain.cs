using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace OrleansCallback.Terminals;

/// <summary>Answers for its silo; placed on the silo in its key by the hint of who asks, and of no use anywhere else.</summary>
[RandomPlacement, Immovable, Reentrant]
sealed class PhoneSiloGrain(IPhoneSilo own, ILocalSiloDetails silo) : Grain, IPhoneSiloGrain
{
    public Task<PhoneSilo?> Get()
    {
        if (GrainKeys.NameOf(this.GetPrimaryKeyString()) == silo.SiloAddress.ToParsableString()) return Task.FromResult<PhoneSilo?>(own.Now);
        DeactivateOnIdle();
        return Task.FromResult<PhoneSilo?>(null);
    }
}
