using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Drain;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Trunks;
using Orleans.Runtime;

namespace OrleansCallback.Silo.Legs;

/// <summary>What this silo offers on its trunks: its signalling address, the channels that its legs use, and how the trunk does.</summary>
sealed class TrunkOffers : ITrunkOffers
{
    readonly SipEndpoint endpoint;
    readonly TrunkChannels channels;
    readonly TrunkHealth health;
    readonly TrunkRegistrations registrations;
    readonly TrunkCatalog catalog;
    readonly DrainState drain;
    readonly string silo;
    readonly Lock gate = new();
    readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
    readonly HashSet<string> givenUp = new(StringComparer.Ordinal);

    public TrunkOffers(
        SipEndpoint endpoint, TrunkChannels channels, TrunkHealth health, TrunkRegistrations registrations, TrunkCatalog catalog, DrainState drain,
        ILocalSiloDetails silo, IOptions<SiteSettings> site)
    {
        (this.endpoint, this.channels, this.health, this.registrations, this.catalog) = (endpoint, channels, health, registrations, catalog);
        this.drain = drain;
        (this.silo, Site) = (silo.SiloAddress.ToParsableString(), site.Value.Site);
        health.Changed += () => Changed?.Invoke();
        catalog.Changed += before =>
        {
            lock (gate) givenUp.UnionWith(before.Owned().Except(catalog.Current.Owned()));
            Changed?.Invoke();
        };
    }

    public event Action? Changed;

    public string Site { get; }

    public IReadOnlyList<string> Trunks()
    {
        lock (gate)
        {
            givenUp.ExceptWith(catalog.Current.Owned());
            return [.. catalog.Current.Owned(), .. givenUp];
        }
    }

    public TrunkOffer? Next(string trunk)
    {
        lock (gate)
        {
            if (!catalog.Current.Owns(trunk) && !givenUp.Contains(trunk)) return null;
            var number = numbers[trunk] = numbers.GetValueOrDefault(trunk) + 1;
            var leaves = drain.Draining || !catalog.Current.Owns(trunk);
            // What is told to be all that it uses must be all: nothing is admitted from here on.
            if (leaves) channels.Close(trunk);
            var (used, held) = channels.Count(trunk);
            return Offer(trunk, used) with { HeldChannels = held, Number = number, Leaving = leaves };
        }
    }

    public bool Leased(string trunk, TrunkOffer offer, TrunkLease lease, long askedAt)
    {
        lock (gate)
        {
            if (numbers.GetValueOrDefault(trunk) != offer.Number) return false;
            if (offer is { Leaving: true, UsedChannels: 0 }) givenUp.Remove(trunk);
            if (!offer.Leaving) channels.Lease(trunk, lease, askedAt);
            return true;
        }
    }

    TrunkOffer Offer(string id, int used)
    {
        var (condition, pause) = health.State(id);
        var trunk = catalog.Current.Trunks.GetValueOrDefault(id) ?? new();
        return new(
            silo, endpoint.SentBy, trunk.Target, trunk.Domain.Length > 0 ? trunk.Domain : trunk.Address, trunk.CallerId, trunk.MaxChannels,
            used, trunk.CallsPerSecond, condition, pause,
            new(trunk.NumberFormat, trunk.CallerIdFrom, trunk.AssertedIdentity, trunk.Privacy) { CallerIdFromA = trunk.CallerIdFromA }, registrations.StateOf(id));
    }
}
