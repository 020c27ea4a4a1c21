using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace OrleansCallback.Calls;

/// <summary>Places a leg's grain on a silo that owns the trunk in its key, as the silo's metadata says.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class OwnsTrunkAttribute() : PlacementFilterAttribute(new OwnsTrunkFilter(0));

/// <summary>The filter of <see cref="OwnsTrunkAttribute"/>.</summary>
public sealed class OwnsTrunkFilter(int order) : PlacementFilterStrategy(order)
{
    /// <summary>For Orleans, which makes it from grain properties.</summary>
    public OwnsTrunkFilter() : this(0)
    {
    }

    /// <summary>The metadata entry of a silo that owns a trunk.</summary>
    public static string Entry(string trunk) => $"trunk.{trunk}";
}

/// <summary>
/// Keeps the silo that the caller names, since the trunk's grain named it as an owner. Without a name: the silos whose metadata says that they own
/// the trunk, or all where it came later than they did; a silo that does not own it says so.
/// </summary>
public sealed class OwnsTrunkDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    /// <inheritdoc/>
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var all = silos.ToList();
        if (target.RequestContextData?.TryGetValue(IPlacementDirector.PlacementHintKey, out var hint) == true
            && hint is SiloAddress named && all.Contains(named))
            return [named];
        var key = target.GrainIdentity.Key.ToString()!;
        if (GrainKeys.IsFlowLeg(key)) return all.Where(silo => silo.ToParsableString() == GrainKeys.Parts(key)[1]);
        var entry = OwnsTrunkFilter.Entry(GrainKeys.Parts(key)[1]);
        var owners = all.Where(silo => metadata.GetSiloMetadata(silo).Metadata.ContainsKey(entry)).ToList();
        return owners.Count > 0 ? owners : all;
    }
}

/// <summary>Names the silo for a leg's grain.</summary>
static class CallLegPlacement
{
    /// <summary>Makes one call to a leg's grain with the hint that it be placed on this owner; a silo that cannot take it is passed over.</summary>
    public static async Task<T> On<T>(string silo, Func<Task<T>> call)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, SiloAddress.FromParsableString(silo));
        try
        {
            return await call();
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }
}
