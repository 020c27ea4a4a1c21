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
    readonly Lock gate = new();
    readonly HashSet<string> givenUp = new(StringComparer.Ordinal);

    public TrunkOffers(
        SipEndpoint endpoint, TrunkChannels channels, TrunkHealth health, TrunkRegistrations registrations, TrunkCatalog catalog, DrainState drain,
        ILocalSiloDetails silo, IOptions<SiteSettings> site)
    {
        (this.endpoint, this.channels, this.health, this.registrations, this.catalog) = (endpoint, channels, health, registrations, catalog);
        this.drain = drain;
        (Silo, Site) = (silo.SiloAddress.ToParsableString(), site.Value.Site);
        health.Changed += () => Changed?.Invoke();
        catalog.Changed += before =>
        {
            lock (gate) givenUp.UnionWith(before.Owned().Except(catalog.Current.Owned()));
            Changed?.Invoke();
        };
    }

    public event Action? Changed;

    public string Site { get; }

    public string Silo { get; }

    public IEnumerable<(string Trunk, TrunkOffer Offer)> Current()
    {
        var plan = catalog.Current;
        return drain.Draining ? [] : plan.Owned().Select(id => (id, Offer(id, plan.Trunks[id])));
    }

    public void Leased(string trunk, TrunkLease lease, long askedAt) => channels.Lease(trunk, lease, askedAt);

    public IReadOnlyList<string> TakeGivenUp()
    {
        lock (gate)
        {
            var taken = givenUp.Except(catalog.Current.Owned()).ToList();
            givenUp.Clear();
            return taken;
        }
    }

    TrunkOffer Offer(string id, TrunkOptions trunk)
    {
        var (condition, pause) = health.State(id);
        return new(
            Silo, endpoint.SentBy, trunk.Target, trunk.Domain.Length > 0 ? trunk.Domain : trunk.Address, trunk.CallerId, trunk.MaxChannels,
            channels.Used(id), trunk.CallsPerSecond, condition, pause,
            new(trunk.NumberFormat, trunk.CallerIdFrom, trunk.AssertedIdentity, trunk.Privacy), registrations.StateOf(id));
    }
}
