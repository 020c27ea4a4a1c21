using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;

namespace OrleansCallback.Terminals;

/// <summary>Answers for its silo; placed on the silo in its key by the hint of who asks, and of no use anywhere else.</summary>
[RandomPlacement, Immovable, Reentrant]
sealed class SiloFlowsGrain(ITerminalFlows flows, ILocalSiloDetails silo) : Grain, ISiloFlowsGrain
{
    public Task<IReadOnlyList<TerminalFlow>> Of(string account)
    {
        if (GrainKeys.NameOf(this.GetPrimaryKeyString()) == silo.SiloAddress.ToParsableString()) return Task.FromResult(flows.Of(account));
        DeactivateOnIdle();
        return Task.FromResult<IReadOnlyList<TerminalFlow>>([]);
    }
}
