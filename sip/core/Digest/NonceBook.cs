using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansCallback.Sip;

/// <summary>
/// Makes nonces and remembers which of their counts have been used. A nonce holds its number and time under a MAC, so that one that is
/// never used costs no memory; the table holds those in use and is bounded.
/// </summary>
sealed class NonceBook
{
    const int Body = 16, Mac = 16;

    /// <summary>How far a count may come behind the highest one, as UDP mixes the order of requests.</summary>
    const int Window = 64;

    readonly DigestServerOptions options;
    readonly byte[] key;
    readonly Dictionary<long, (uint Highest, ulong Seen)> counts = [];
    readonly PriorityQueue<(long Number, long Issued), long> oldest = new();
    long last, forgotten;

    public NonceBook(DigestServerOptions options)
    {
        this.options = options;
        key = options.Key?.ToArray() ?? RandomNumberGenerator.GetBytes(32);
    }

    /// <summary>Nonces in the table.</summary>
    public int Count => counts.Count;

    public string Next(TimeSpan now)
    {
        var bytes = new byte[Body + Mac];
        BinaryPrimitives.WriteInt64BigEndian(bytes, ++last);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), now.Ticks);
        HMACSHA256.HashData(key, bytes.AsSpan(0, Body)).AsSpan(0, Mac).CopyTo(bytes.AsSpan(Body));
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>The number of a nonce of ours that may still be used; null for one that is stale or not ours.</summary>
    public (long Number, long Issued)? Find(string nonce, TimeSpan now)
    {
        Span<byte> bytes = stackalloc byte[Body + Mac];
        if (Convert.FromHexString(nonce, bytes, out _, out var length) != System.Buffers.OperationStatus.Done || length != bytes.Length) return null;
        var mac = HMACSHA256.HashData(key, bytes[..Body]);
        if (!CryptographicOperations.FixedTimeEquals(mac.AsSpan(0, Mac), bytes[Body..])) return null;
        var (number, issued) = (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
        return number > forgotten && issued <= now.Ticks && now.Ticks - issued <= options.NonceLife.Ticks ? (number, issued) : null;
    }

    /// <summary>Whether a count of a nonce has been used, or is too far behind to tell.</summary>
    public bool IsUsed((long Number, long Issued) nonce, uint count)
    {
        if (!counts.TryGetValue(nonce.Number, out var used) || count > used.Highest) return false;
        var behind = used.Highest - count;
        return behind >= Window || (used.Seen >> (int)behind & 1) != 0;
    }

    /// <summary>Uses up one count of a nonce that is not used.</summary>
    public void Use((long Number, long Issued) nonce, uint count, TimeSpan now)
    {
        var known = counts.TryGetValue(nonce.Number, out var used);
        if (count > used.Highest)
        {
            var ahead = count - used.Highest;
            used = (count, ahead >= Window ? 1 : used.Seen << (int)ahead | 1);
        }
        else
        {
            used.Seen |= 1UL << (int)(used.Highest - count);
        }

        if (!known) MakeRoom(nonce, now);
        counts[nonce.Number] = used;
    }

    /// <summary>What is forgotten is stale from then on, with all nonces before it: otherwise its counts could be used again.</summary>
    void MakeRoom((long Number, long Issued) nonce, TimeSpan now)
    {
        oldest.Enqueue(nonce, nonce.Number);
        while (oldest.TryPeek(out var first, out _) && (now.Ticks - first.Issued > options.NonceLife.Ticks || oldest.Count > options.MaxNonces))
        {
            oldest.Dequeue();
            counts.Remove(first.Number);
            forgotten = Math.Max(forgotten, first.Number);
        }
    }
}
