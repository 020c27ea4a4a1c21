using Orleans.Runtime;

namespace OrleansCallback.Calls;

/// <summary>Reads the cluster's membership table.</summary>
sealed class OrleansSiloLiveness(IGrainFactory grains) : ISiloLiveness
{
    public async Task<IReadOnlySet<string>> Gone(IReadOnlyCollection<string> silos)
    {
        var members = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: false);
        var alive = members.Where(member => member.Value != SiloStatus.Dead).Select(member => member.Key.ToParsableString());
        return silos.Except(alive).ToHashSet(StringComparer.Ordinal);
    }
}
