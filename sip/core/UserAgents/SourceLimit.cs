using System.Net;
using System.Net.Sockets;

namespace OrleansCallback.Sip;

/// <summary>
/// How often strangers may ask for something new: a bucket of tokens per address (per /64 of IPv6, which one host may own whole). Who is
/// above it gets silence. The table is bounded; when it is full of busy strangers, further ones get silence too.
/// </summary>
sealed class SourceLimit(UserAgentOptions options)
{
    readonly Dictionary<IPAddress, (double Tokens, TimeSpan At)> buckets = [];
    TimeSpan cleared = TimeSpan.MinValue;

    /// <summary>Takes a token of this source; false when it has none left.</summary>
    public bool TryTake(IPAddress source, TimeSpan now)
    {
        if (options.StrangerRate <= 0) return true;
        var key = Network(source);
        var full = (double)options.StrangerBurst;
        if (!buckets.TryGetValue(key, out var bucket))
        {
            if (buckets.Count >= options.MaxStrangers && !Clear(now)) return false;
            bucket = (full, now);
        }
        var tokens = Math.Min(full, bucket.Tokens + (now - bucket.At).TotalSeconds * options.StrangerRate);
        buckets[key] = (Math.Max(0, tokens - 1), now);
        return tokens >= 1;
    }

    /// <summary>Forgets the sources whose buckets are full again; at most once a second.</summary>
    bool Clear(TimeSpan now)
    {
        if (cleared != TimeSpan.MinValue && now - cleared < TimeSpan.FromSeconds(1)) return false;
        cleared = now;
        foreach (var (source, bucket) in buckets.ToArray())
        {
            if (bucket.Tokens + (now - bucket.At).TotalSeconds * options.StrangerRate >= options.StrangerBurst) buckets.Remove(source);
        }
        return buckets.Count < options.MaxStrangers;
    }

    static IPAddress Network(IPAddress source)
    {
        if (source.IsIPv4MappedToIPv6) return source.MapToIPv4();
        if (source.AddressFamily != AddressFamily.InterNetworkV6) return source;
        var bytes = source.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
