using OrleansCallback.Calls;

namespace OrleansCallback.Trunks;

/// <summary>Names the silos that own a trunk and leases its channels to them in blocks. Key: <see cref="GrainKeys.Trunk"/>.</summary>
[Alias("ITrunkGrain")]
public interface ITrunkGrain : IGrainWithStringKey
{
    /// <summary>
    /// A silo says that it owns the trunk, and renews it every 10 s; a lease that is not renewed for 90 s lapses.
    /// </summary>
    /// <returns>The channels leased to this silo: legs are admitted locally against them.</returns>
    [Alias("Lease")]
    Task<int> Lease(TrunkOffer offer);

    /// <summary>The silo takes no new legs from now on.</summary>
    [Alias("Withdraw")]
    Task Withdraw(string silo);

    /// <summary>The offer of an owner that takes new legs, <paramref name="preferredSilo"/>'s if it is one; null if there is none.</summary>
    [Alias("Owner")]
    Task<TrunkOffer?> Owner(string? preferredSilo);
}

/// <summary>What an owner's attempts on a trunk are made of.</summary>
/// <param name="Silo">The owner, as <c>SiloAddress.ToParsableString()</c>.</param>
/// <param name="SentBy">Its signalling address for Via and Contact (<c>host:port</c>).</param>
/// <param name="Target">The carrier's signalling address (<c>address:port</c>).</param>
/// <param name="Domain">Host part of Request-URI, From and To.</param>
/// <param name="CallerId">E.164 number or name that stands in From.</param>
/// <param name="MaxChannels">Most legs at once over the whole trunk.</param>
/// <param name="UsedChannels">Legs that this silo has on the trunk now.</param>
[GenerateSerializer, Immutable, Alias("TrunkOffer")]
public sealed record TrunkOffer(
    [property: Id(0)] string Silo,
    [property: Id(1)] string SentBy,
    [property: Id(2)] string Target,
    [property: Id(3)] string Domain,
    [property: Id(4)] string CallerId,
    [property: Id(5)] int MaxChannels,
    [property: Id(6)] int UsedChannels);
