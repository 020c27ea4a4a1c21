using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OrleansCallback.Silo.Legs;

/// <summary>The channels of each trunk that are leased to this silo, and how many of them its legs use.</summary>
sealed class TrunkChannels : IDisposable
{
    readonly ConcurrentDictionary<string, Block> blocks = new(StringComparer.Ordinal);
    readonly Meter meter = new("OrleansCallback.Legs");

    public TrunkChannels() =>
        meter.CreateObservableGauge("callback.legs.live", () => blocks.Select(block =>
            new Measurement<int>(block.Value.Used, new KeyValuePair<string, object?>("trunk", block.Key))), description: "Legs that this silo holds.");

    public int Used(string trunk) => blocks.TryGetValue(trunk, out var block) ? block.Used : 0;

    /// <summary>The block as the trunk's grain leased it. One that shrinks below what is used admits nothing until legs have ended.</summary>
    public void Lease(string trunk, int channels) => blocks.GetOrAdd(trunk, _ => new()).Leased = channels;

    public bool TryTake(string trunk) => blocks.TryGetValue(trunk, out var block) && block.TryTake();

    public void Free(string trunk) => blocks[trunk].Free();

    public void Dispose() => meter.Dispose();

    sealed class Block
    {
        int used;

        public volatile int Leased;

        public int Used => Volatile.Read(ref used);

        public bool TryTake()
        {
            if (Interlocked.Increment(ref used) <= Leased) return true;
            Interlocked.Decrement(ref used);
            return false;
        }

        public void Free() => Interlocked.Decrement(ref used);
    }
}
