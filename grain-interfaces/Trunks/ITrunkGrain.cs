using OrleansCallback.Calls;

namespace OrleansCallback.Trunks;

/// <summary>Names the silos that own a trunk and leases its channels to them in blocks. Key: <see cref="GrainKeys.Trunk"/>.</summary>
[Alias("ITrunkGrain")]
public interface ITrunkGrain : IGrainWithStringKey
{
    /// <summary>
    /// A silo says that it owns the trunk, renews that every 10 s, and says when it owns it no more; a lease that is not renewed for 90 s lapses.
    /// </summary>
    /// <returns>What is leased to this silo: legs are admitted locally against it.</returns>
    [Alias("Lease")]
    Task<TrunkLease> Lease(TrunkOffer offer);

    /// <summary>
    /// The offer of an owner that takes new legs and whose trunk is not down, <paramref name="preferredSilo"/>'s if it is one; null if there is none.
    /// </summary>
    /// <param name="preferredSilo">Whom to take rather than another.</param>
    /// <param name="fullSilo">Who has just refused a leg for want of a channel: it is not taken.</param>
    [Alias("Owner")]
    Task<TrunkOffer?> Owner(string? preferredSilo, string? fullSilo = null);

    /// <summary>All owners as they last told.</summary>
    [Alias("Owners")]
    Task<IReadOnlyList<TrunkOwner>> Owners();
}

/// <summary>What one silo offers on its trunks, asked of it directly by a trunk's grain that is new. Key: <see cref="GrainKeys.SiloTrunks"/>.</summary>
[Alias("ISiloTrunksGrain")]
public interface ISiloTrunksGrain : IGrainWithStringKey
{
    /// <summary>The silo's offer on a trunk; null if it never owned it, has given it up, or is not the one in the key.</summary>
    [Alias("Offer")]
    Task<TrunkOffer?> Offer(string trunk);
}

/// <summary>A silo's share of a trunk.</summary>
/// <param name="Channels">Most legs of this silo at once.</param>
/// <param name="CallsPerSecond">Most new legs of this silo a second; null: no limit.</param>
/// <param name="Share">Channels that it will have once others have given back what is above their share.</param>
[GenerateSerializer, Immutable, Alias("TrunkLease")]
public sealed record TrunkLease([property: Id(0)] int Channels, [property: Id(1)] double? CallsPerSecond, [property: Id(2)] int Share = 0);

/// <summary>An owner as the trunk's grain knows it.</summary>
/// <param name="Silo">The silo, as <c>SiloAddress.ToParsableString()</c>.</param>
/// <param name="Condition">How the trunk does there.</param>
/// <param name="Pause">No new leg goes there for so long; null: it takes legs.</param>
/// <param name="Channels">Its block.</param>
/// <param name="UsedChannels">Its legs at the last renewal.</param>
/// <param name="Withdrawn">It drains, or has not renewed in time.</param>
/// <param name="Registration">Its registration with the carrier; null: the trunk wants none.</param>
[GenerateSerializer, Immutable, Alias("TrunkOwner")]
public sealed record TrunkOwner(
    [property: Id(0)] string Silo,
    [property: Id(1)] TrunkCondition Condition,
    [property: Id(2)] TimeSpan? Pause,
    [property: Id(3)] int Channels,
    [property: Id(4)] int UsedChannels,
    [property: Id(5)] bool Withdrawn,
    [property: Id(6)] TrunkRegistration? Registration = null);

/// <summary>What an owner's attempts on a trunk are made of.</summary>
/// <param name="Silo">The owner, as <c>SiloAddress.ToParsableString()</c>.</param>
/// <param name="SentBy">Its signalling address for Via and Contact (<c>host:port</c>).</param>
/// <param name="Target">The carrier's signalling address (<c>address:port</c>).</param>
/// <param name="Domain">Host part of Request-URI, From and To.</param>
/// <param name="CallerId">The site's E.164 number or name on this trunk.</param>
/// <param name="MaxChannels">Most legs at once over the whole trunk.</param>
/// <param name="UsedChannels">Legs that this silo has on the trunk now.</param>
/// <param name="CallsPerSecond">Most new legs a second over the whole trunk; 0: no limit.</param>
/// <param name="Condition">How the trunk does on this silo.</param>
/// <param name="Pause">No new leg can go out from this silo for so long.</param>
/// <param name="Style">How it wants numbers and identities; null: E.164, the site's number, nothing asserted.</param>
/// <param name="Registration">This silo's registration with the carrier; null: the trunk wants none.</param>
[GenerateSerializer, Immutable, Alias("TrunkOffer")]
public sealed record TrunkOffer(
    [property: Id(0)] string Silo,
    [property: Id(1)] string SentBy,
    [property: Id(2)] string Target,
    [property: Id(3)] string Domain,
    [property: Id(4)] string CallerId,
    [property: Id(5)] int MaxChannels,
    [property: Id(6)] int UsedChannels,
    [property: Id(7)] double CallsPerSecond = 0,
    [property: Id(8)] TrunkCondition Condition = TrunkCondition.Up,
    [property: Id(9)] TimeSpan? Pause = null,
    [property: Id(10)] TrunkStyle? Style = null,
    [property: Id(11)] TrunkRegistration? Registration = null)
{
    /// <summary>The registered phone that the offer leads to; null: a carrier's trunk.</summary>
    [Id(20)] public OfferedPhone? Phone { get; init; }

    /// <summary>Channels that the silo may come to use by the leases that it has got so far.</summary>
    [Id(21)] public int HeldChannels { get; init; }

    /// <summary>Rises with each offer of the silo: one that comes late is known by it.</summary>
    [Id(22)] public long Number { get; init; }

    /// <summary>The silo takes no new legs: it drains or owns the trunk no more. What its legs use stays counted.</summary>
    [Id(23)] public bool Leaving { get; init; }
}

/// <summary>A registered phone.</summary>
/// <param name="Account">The terminal that it is registered with: user part of To.</param>
/// <param name="Contact">Its Contact URI: the Request-URI.</param>
[GenerateSerializer, Immutable, Alias("OfferedPhone")]
public sealed record OfferedPhone([property: Id(0)] string Account, [property: Id(1)] string Contact);

/// <summary>How a trunk wants numbers and identities.</summary>
/// <param name="NumberFormat">A setting of <see cref="Trunks.NumberFormat"/>.</param>
/// <param name="CallerIdFrom">Whose number is shown.</param>
/// <param name="AssertedIdentity">Whether it stands in P-Asserted-Identity.</param>
/// <param name="Privacy">Value of Privacy; empty: none.</param>
[GenerateSerializer, Immutable, Alias("TrunkStyle")]
public sealed record TrunkStyle(
    [property: Id(0)] string NumberFormat, [property: Id(1)] CallerIdFrom CallerIdFrom, [property: Id(2)] bool AssertedIdentity, [property: Id(3)] string Privacy)
{
    /// <summary>Whose number the member is shown; null: as <see cref="CallerIdFrom"/> says.</summary>
    [Id(4)] public CallerIdFrom? CallerIdFromA { get; init; }

    /// <summary>Whose number is shown on a leg.</summary>
    public CallerIdFrom CallerIdOn(CallLeg leg) => leg == CallLeg.A ? CallerIdFromA ?? CallerIdFrom : CallerIdFrom;
}
