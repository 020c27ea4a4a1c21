using System.Diagnostics.CodeAnalysis;

namespace OrleansCallback.Sip.Rtp;

/// <summary>Finds what belongs to a port of ours and a source: an open-addressed table with linear probing, so that a look costs a cache line or
/// two and never an allocation. It grows when something is added, and never shrinks.</summary>
/// <typeparam name="T">What is found.</typeparam>
public sealed class SourceTable<T>
    where T : class
{
    const int FirstSize = 64;

    Entry[] entries = new Entry[FirstSize];

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>What belongs to a port and a source.</summary>
    public bool TryGet(ushort port, MediaEndpoint source, [NotNullWhen(true)] out T? value)
    {
        value = entries[IndexOf(port, source)].Value;
        return value is not null;
    }

    /// <summary>Adds an entry, or replaces the one that is there.</summary>
    public void Set(ushort port, MediaEndpoint source, T value)
    {
        if (2 * (Count + 1) > entries.Length) Grow();
        ref var entry = ref entries[IndexOf(port, source)];
        if (entry.Value is null) Count++;
        entry = new Entry(source, port, value);
    }

    /// <summary>Takes an entry out; false if there is none.</summary>
    public bool Remove(ushort port, MediaEndpoint source)
    {
        var hole = IndexOf(port, source);
        if (entries[hole].Value is null) return false;
        Count--;

        // Whoever stands behind the hole and was looked for at or before it moves up, so that no look ends too early.
        for (var at = Next(hole); entries[at].Value is not null; at = Next(at))
        {
            var home = HomeOf(entries[at].Port, entries[at].Source);
            if (((at - home) & (entries.Length - 1)) < ((at - hole) & (entries.Length - 1))) continue;
            entries[hole] = entries[at];
            hole = at;
        }

        entries[hole] = default;
        return true;
    }

    /// <summary>Where the entry is, or the free place where it would be.</summary>
    int IndexOf(ushort port, MediaEndpoint source)
    {
        var at = HomeOf(port, source);
        while (entries[at].Value is not null && !entries[at].Is(port, source)) at = Next(at);
        return at;
    }

    int HomeOf(ushort port, MediaEndpoint source)
    {
        var mixed = ((ulong)source.Address ^ ((ulong)(source.Address >> 64) * 0xC2B2_AE3D_27D4_EB4F)) + ((ulong)source.Port << 32) + ((ulong)port << 48);
        mixed *= 0x9E37_79B9_7F4A_7C15;
        mixed ^= mixed >> 32;
        mixed *= 0xD6E8_FEB8_6659_FD93;
        return (int)(mixed >> 33) & (entries.Length - 1);
    }

    int Next(int at) => (at + 1) & (entries.Length - 1);

    void Grow()
    {
        var before = entries;
        entries = new Entry[2 * before.Length];
        foreach (var entry in before)
            if (entry.Value is not null) entries[IndexOf(entry.Port, entry.Source)] = entry;
    }

    readonly record struct Entry(MediaEndpoint Source, ushort Port, T? Value)
    {
        public bool Is(ushort port, MediaEndpoint source) => Port == port && Source == source;
    }
}
