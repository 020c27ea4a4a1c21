using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// The channels and calls a second of each trunk that are leased to this silo, and how many channels its legs use. A lease that was not renewed
/// admits nothing new, since its unused channels may be another silo's by now.
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

    /// <summary>How many channels legs use, and how many they may come to use by the lease that there is.</summary>
    public (int Used, int Held) Count(string trunk) =>
        blocks.TryGetValue(trunk, out var block) ? block.Count(time.GetElapsedTime(block.AskedAt)) : (0, 0);

    /// <summary>Admits nothing more until the next lease.</summary>
    public void Close(string trunk) => Lease(trunk, new(0, 0), time.GetTimestamp());

    /// <summary>The share as the trunk's grain leased it. One that shrinks below what is used admits nothing until legs have ended.</summary>
    /// <param name="trunk">The trunk.</param>
    /// <param name="lease">The share.</param>
    /// <param name="askedAt">Timestamp of before the grain was asked: the lease is no older for the grain than for this silo.</param>
    public void Lease(string trunk, TrunkLease lease, long askedAt) => blocks.GetOrAdd(trunk, _ => new()).Lease(lease, askedAt);

    /// <summary>Takes a channel.</summary>
    /// <returns>How long its INVITE is to wait for its turn; null: no channel is free, or too many wait.</returns>
    public TimeSpan? TryTake(string trunk) =>
        blocks.TryGetValue(trunk, out var block) ? block.TryTake(time.GetElapsedTime(0), time.GetElapsedTime(block.AskedAt)) : null;

    public void Free(string trunk) => blocks[trunk].Free();

    public void Dispose() => meter.Dispose();

    sealed class Block
    {
        readonly Lock gate = new();
        readonly TrunkPace pace = new();
        TrunkLease leased = new(0, 0);
        int used;
        long askedAt;

        public long AskedAt => Volatile.Read(ref askedAt);

        public int Used => Volatile.Read(ref used);

        public (int Used, int Held) Count(TimeSpan leaseAge)
        {
            lock (gate) return (used, leaseAge >= TrunkBook.LeaseTime ? used : Math.Max(used, leased.Channels));
        }

        public void Lease(TrunkLease lease, long asked)
        {
            lock (gate) (leased, askedAt) = (lease, asked);
        }

        public TimeSpan? TryTake(TimeSpan now, TimeSpan leaseAge)
        {
            lock (gate)
            {
                if (leaseAge >= TrunkBook.LeaseTime || used >= leased.Channels || pace.TryTake(leased.CallsPerSecond, now) is not { } wait) return null;
                used++;
                return wait;
            }
        }

        public void Free()
        {
            lock (gate) used--;
        }
    }
}
