using OrleansCallback.Storage;

namespace OrleansCallback.Sites;

/// <summary>The key ring as it is stored.</summary>
public sealed class KeyRingState
{
    /// <summary>Keys as XML by name.</summary>
    public Dictionary<string, string> Keys { get; set; } = [];
}

/// <summary>The data-protection keys of the cluster's web nodes.</summary>
sealed class KeyRingGrain([PersistentState("keyring", ColdState.Storage)] IPersistentState<KeyRingState> state) : Grain, IKeyRingGrain
{
    public Task<IReadOnlyList<string>> All() => Task.FromResult<IReadOnlyList<string>>([.. state.State.Keys.Values]);

    public Task Add(string name, string xml) => state.State.Keys.TryAdd(name, xml) ? this.Write(state) : Task.CompletedTask;
}
