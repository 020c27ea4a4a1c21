using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansCallback.Tests;

/// <summary>Grain storage in memory that fails where the test says so.</summary>
public sealed class FakeStorage
{
    /// <summary>Which states are not written now.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>The storage as silos see it.</summary>
    public IGrainStorage Over(IGrainStorage memory) => new Storage(this, memory);

    sealed class Storage(FakeStorage rules, IGrainStorage memory) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => memory.ReadStateAsync(stateName, grainId, grainState);

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => memory.ClearStateAsync(stateName, grainId, grainState);

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            rules.Refuses(stateName) ? throw new IOException($"The test refuses {stateName}.") : memory.WriteStateAsync(stateName, grainId, grainState);
    }
}
