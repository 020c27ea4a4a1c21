using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Drain;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Trunks;
using Orleans.Runtime;

namespace OrleansCallback.Silo.Legs;

/// <summary>What this silo offers on its trunks: its signalling address and the channels that its legs use.</summary>
sealed class TrunkOffers(
    SipEndpoint endpoint, TrunkChannels channels, DrainState drain, ILocalSiloDetails silo, IOptions<SiteSettings> site, IOptions<TrunksOptions> trunks)
    : ITrunkOffers
{
    public string Site => site.Value.Site;

    public IEnumerable<(string Trunk, TrunkOffer Offer)> Current() =>
        drain.Draining ? [] : trunks.Value.Owned.Select(id => (id, Offer(id, trunks.Value.Trunks[id])));

    public void Leased(string trunk, int leased, long askedAt) => channels.Lease(trunk, leased, askedAt);

    TrunkOffer Offer(string id, TrunkOptions trunk) => new(
        silo.SiloAddress.ToParsableString(), endpoint.SentBy, trunk.Address, trunk.Domain, trunk.CallerId, trunk.MaxChannels, channels.Used(id));
}
