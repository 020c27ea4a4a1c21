using OrleansCallback.Storage;

namespace OrleansCallback.Trunks;

/// <summary>A site's changed trunks and routes as they are stored.</summary>
public sealed class TrunkDirectoryState
{
    /// <summary>Rises with each change.</summary>
    public long Version { get; set; }

    /// <summary>Trunks by id; null: taken out.</summary>
    public Dictionary<string, TrunkOptions?> Trunks { get; set; } = [];

    /// <summary>Routes by prefix; empty: taken out.</summary>
    public Dictionary<string, List<RouteChoice>> Routes { get; set; } = [];
}

/// <summary>What administrators changed of a site's trunks and routes.</summary>
sealed class TrunkDirectoryGrain(
    [PersistentState("trunks", ColdState.Storage)] IPersistentState<TrunkDirectoryState> state, Microsoft.Extensions.Options.IOptions<TrunksOptions> configured)
    : Grain, ITrunkDirectoryGrain
{
    public Task<TrunkChanges?> After(long known) => Task.FromResult(state.State.Version == known ? null : Changes());

    public Task<TrunkDirectory> Current()
    {
        var plan = new TrunkPlan(configured.Value, Changes());
        return Task.FromResult(new TrunkDirectory(
            [.. plan.Trunks.OrderBy(trunk => trunk.Key, StringComparer.Ordinal).Select(trunk => Listed(trunk.Key, trunk.Value))],
            [.. plan.Explicit.OrderBy(route => route.Key, StringComparer.Ordinal).Select(route => new ListedRoute(
                route.Key, [.. route.Value], state.State.Routes.ContainsKey(route.Key)))],
            state.State.Version));
    }

    public async Task<PutTrunkResult> PutTrunk(string id, TrunkOptions trunk, string? password)
    {
        var spoken = configured.Value.Transports;
        if (trunk.Transport.Length > 0 && spoken.Count > 0 && !spoken.Contains(trunk.Transport, StringComparer.OrdinalIgnoreCase))
            return PutTrunkResult.TransportNotSpoken;
        var before = InForce(id);
        if (password is null && before is { Password.Length: > 0 } && !TrunkText.ProveAlike(before, trunk)) return PutTrunkResult.PasswordNeeded;
        trunk.Password = password ?? before?.Password ?? "";
        state.State.Trunks[id] = trunk;
        await Store();
        return PutTrunkResult.Stored;
    }

    public async Task<IReadOnlyList<string>?> RemoveTrunk(string id)
    {
        if (InForce(id) is null) return null;
        var need = new TrunkPlan(configured.Value, Changes()).NeedOf(id);
        if (need.Count > 0) return need;
        state.State.Trunks[id] = null;
        await Store();
        return [];
    }

    public Task PutRoute(string prefix, IReadOnlyList<RouteChoice> choices)
    {
        state.State.Routes[prefix] = [.. choices];
        return Store();
    }

    public async Task<bool> RemoveRoute(string prefix)
    {
        if (!new TrunkPlan(configured.Value, Changes()).Explicit.ContainsKey(prefix)) return false;
        state.State.Routes[prefix] = [];
        await Store();
        return true;
    }

    TrunkOptions? InForce(string id) => state.State.Trunks.TryGetValue(id, out var stored) ? stored : configured.Value.Trunks.GetValueOrDefault(id);

    TrunkChanges Changes() => new(
        state.State.Version,
        new Dictionary<string, TrunkOptions?>(state.State.Trunks),
        state.State.Routes.ToDictionary(route => route.Key, route => (IReadOnlyList<RouteChoice>)[.. route.Value]));

    ListedTrunk Listed(string id, TrunkOptions trunk) =>
        new(id, TrunkText.WithoutPassword(trunk), trunk.Password.Length > 0, state.State.Trunks.ContainsKey(id));

    async Task Store()
    {
        state.State.Version++;
        await this.Write(state);
    }
}
