using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using OrleansCallback.Sip;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// The addresses of the trunks' carriers: the SIP endpoint is told which are no strangers', a leg which family it is signalled over.
/// Administrators change trunks while it runs.
/// </summary>
sealed class CarrierAddresses(SipEndpoint endpoint, TrunkCatalog catalog) : IHostedService
{
    readonly ConcurrentDictionary<Target, AddressFamily> ofNames = [];

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

    /// <summary>
    /// The family of the address that requests to this target go to. Of a name it is that of the first server when it was last looked up; null
    /// while it never was.
    /// </summary>
    public AddressFamily? FamilyOf(string text)
    {
        if (!Target.TryParse(text, out var target)) return null;
        if (target.TryHop(out var hop)) return hop.EndPoint.AddressFamily;
        Locate(target);
        return ofNames.TryGetValue(target, out var family) ? family : null;
    }

    void OnChanged(TrunkPlan before)
    {
        var targets = catalog.Current.Trunks.Values.Select(trunk => Target.TryParse(trunk.Target, out var target) ? target : default).ToHashSet();
        endpoint.Carriers = targets.Select(target => target.TryHop(out var hop) ? hop.EndPoint.Address : null).OfType<IPAddress>().ToHashSet();
        foreach (var gone in ofNames.Keys.Where(target => !targets.Contains(target))) ofNames.TryRemove(gone, out _);
        foreach (var name in targets.Where(target => target.Host.Host is { Length: > 0 } && target.IsNamed)) Locate(name);
    }

    void Locate(Target name) => endpoint.Signalling.TryPost((agent, now) => agent.Locate(name, hops =>
    {
        if (hops.Count > 0) ofNames[name] = hops[0].EndPoint.AddressFamily;
    }, now));
}
