using OrleansCallback.Rates;

namespace OrleansCallback.Trunks;

/// <summary>A site's trunks, routes and prices as they are in force: the configuration with what administrators changed over it. Pure.</summary>
public sealed class TrunkPlan
{
    readonly TrunksOptions configured;

    /// <summary>Lays the changes over the configuration.</summary>
    public TrunkPlan(TrunksOptions configured, TrunkChanges? changes)
    {
        this.configured = configured;
        Version = changes?.Version ?? 0;
        var trunks = new Dictionary<string, TrunkOptions>(configured.Trunks, StringComparer.Ordinal);
        foreach (var (id, trunk) in changes?.Trunks ?? new Dictionary<string, TrunkOptions?>())
        {
            if (trunk is null) trunks.Remove(id);
            else trunks[id] = trunk;
        }

        var routes = configured.Routes.ToDictionary(
            route => TrunksOptions.Prefix(route.Key), route => (IReadOnlyList<RouteChoice>)route.Value, StringComparer.Ordinal);
        foreach (var (prefix, choices) in changes?.Routes ?? new Dictionary<string, IReadOnlyList<RouteChoice>>())
        {
            if (choices.Count == 0) routes.Remove(prefix);
            else routes[prefix] = choices;
        }

        (Trunks, Explicit, Rates) = (trunks, routes, new FlatRates(trunks, configured.TerminalRatePerSecond));
        Routes = new RouteTable(All());
    }

    /// <summary>Rises with each change by an administrator; 0: the configuration alone.</summary>
    public long Version { get; }

    /// <summary>Trunks by id.</summary>
    public IReadOnlyDictionary<string, TrunkOptions> Trunks { get; }

    /// <summary>Routes that were written as such, by prefix.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RouteChoice>> Explicit { get; }

    /// <summary>All routes.</summary>
    public RouteTable Routes { get; }

    /// <summary>Prices.</summary>
    public FlatRates Rates { get; }

    /// <summary>Ids of the trunks of an earlier plan that are gone or have any other setting now.</summary>
    public IEnumerable<string> ChangedSince(TrunkPlan before) => before.Trunks
        .Where(trunk => !Trunks.TryGetValue(trunk.Key, out var now) || !TrunkText.AreSame(now, trunk.Value))
        .Select(trunk => trunk.Key);

    /// <summary>Ids that the configuration names for this silo or in a route, and that no trunk has.</summary>
    public IEnumerable<string> Missing() => configured.Owned.Concat(Explicit.Values.SelectMany(choices => choices).Select(choice => choice.Trunk))
        .Where(id => !Trunks.ContainsKey(id)).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Prefixes of the written routes that would have no trunk left without this one.</summary>
    public IReadOnlyList<string> NeedOf(string id) =>
    [
        .. Explicit.Where(route => route.Value.Any(choice => choice.Trunk == id) && route.Value.All(choice => choice.Trunk == id || !Trunks.ContainsKey(choice.Trunk)))
            .Select(route => route.Key).Order(StringComparer.Ordinal),
    ];

    /// <summary>Ids of the trunks that this silo owns.</summary>
    public IEnumerable<string> Owned() => Trunks.Keys.Where(Owns).Order(StringComparer.Ordinal);

    /// <summary>Whether this silo owns a trunk: by its own setting, or because the trunk names it.</summary>
    public bool Owns(string id) =>
        Trunks.TryGetValue(id, out var trunk)
        && (trunk.Silos.Contains(configured.SiloName) || configured.Owned.Contains(id) || (configured.Owned.Count == 0 && trunk.Silos.Count == 0));

    /// <summary>Explicit routes, and the trunks' own prefixes in the order of their ids where no route is written. Trunks that are not there count not.</summary>
    IEnumerable<KeyValuePair<string, IReadOnlyList<RouteChoice>>> All()
    {
        foreach (var (prefix, choices) in Explicit)
            yield return new(prefix, [.. choices.Where(choice => Trunks.ContainsKey(choice.Trunk))]);
        var simple = Trunks.SelectMany(trunk => trunk.Value.Prefixes.Distinct(), (trunk, prefix) => (Prefix: prefix, Trunk: trunk.Key))
            .GroupBy(entry => entry.Prefix, entry => entry.Trunk, StringComparer.Ordinal);
        foreach (var prefix in simple.Where(group => !Explicit.ContainsKey(group.Key)))
            yield return new(prefix.Key, [.. prefix.Order(StringComparer.Ordinal).Select((trunk, n) => new RouteChoice(trunk, n))]);
    }
}
