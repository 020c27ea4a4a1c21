using System.Net;
using OrleansCallback.Sip;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>Tells the SIP endpoint which addresses are carriers' and no strangers'. Administrators change trunks while it runs.</summary>
sealed class CarrierAddresses(SipEndpoint endpoint, TrunkCatalog catalog) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        catalog.Changed += OnChanged;
        OnChanged(catalog.Current);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        catalog.Changed -= OnChanged;
        return Task.CompletedTask;
    }

    void OnChanged(TrunkPlan before) => endpoint.Carriers = catalog.Current.Trunks.Values
        .Select(trunk => Target.TryParse(trunk.Target, out var target) && target.TryHop(out var hop) ? hop.EndPoint.Address : null)
        .OfType<IPAddress>().ToHashSet();
}
