using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// The channels of each trunk that are leased to this silo, and how many of them its legs use. A lease that was not renewed admits nothing new,
/// since its unused channels may be another silo's by now.
/// </summary>
sealed class TrunkChannels : IDisposable
{
    readonly ConcurrentDictionary<string, Block> blocks = new(StringComparer.Ordinal);
    readonly Meter meter = new("OrleansCallback.Legs");
    readonly TimeProvider time;

    public TrunkChannels(TimeProvider time)
    {
        this.time = time;
        meter.CreateObservableGauge("callback.legs.live", () => blocks.Select(block =>
            new Measurement<int>(block.Value.Used, new KeyValuePair<string, object?>("trunk", block.Key))), description: "Legs that this silo holds.");
    }

    public int Used(string trunk) => blocks.TryGetValue(trunk, out var block) ? block.Used : 0;

    /// <summary>The block as the trunk's grain leased it. One that shrinks below what is used admits nothing until legs have ended.</summary>
    /// <param name="trunk">The trunk.</param>
    /// <param name="channels">The size of the block.</param>
    /// <param name="askedAt">Timestamp of before the grain was asked: the lease is no older for the grain than for this silo.</param>
    public void Lease(string trunk, int channels, long askedAt)
    {
        var block = blocks.GetOrAdd(trunk, _ => new());
        (block.Leased, block.AskedAt) = (channels, askedAt);
    }

    public bool TryTake(string trunk) =>
        blocks.TryGetValue(trunk, out var block) && time.GetElapsedTime(block.AskedAt) < TrunkBook.LeaseTime && block.TryTake();

    public void Free(string trunk) => blocks[trunk].Free();

    public void Dispose() => meter.Dispose();

    sealed class Block
    {
        int used;
        int leased;
        long askedAt;

        public int Leased { get => Volatile.Read(ref leased); set => Volatile.Write(ref leased, value); }

        public long AskedAt { get => Volatile.Read(ref askedAt); set => Volatile.Write(ref askedAt, value); }

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
