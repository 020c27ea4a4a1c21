using CsCheck;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class SourceTableTests
{
    /// <summary>Few enough keys that they meet, many enough that the table grows.</summary>
    static readonly Gen<(int Key, bool Add)[]> Changes = Gen.Select(Gen.Int[0, 400], Gen.Frequency((3, Gen.Const(true)), (2, Gen.Const(false)))).Array[0, 1500];

    [Fact]
    public void It_finds_what_a_dictionary_finds() => Changes.Sample(changes =>
    {
        var (table, model) = (new SourceTable<string>(), new Dictionary<(ushort, MediaEndpoint), string>());
        foreach (var (key, add) in changes)
        {
            var (port, source) = KeyOf(key);
            if (add) table.Set(port, source, (model[(port, source)] = $"{key}/{model.Count}"));
            else Assert.Equal(model.Remove((port, source)), table.Remove(port, source));
            Assert.Equal(model.Count, table.Count);
        }

        for (var key = 0; key <= 400; key++)
        {
            var (port, source) = KeyOf(key);
            Assert.Equal(model.GetValueOrDefault((port, source)), table.TryGet(port, source, out var found) ? found : null);
        }
    }, iter: 300);

    [Fact]
    public void Sources_that_differ_in_one_part_alone_are_told_apart()
    {
        var table = new SourceTable<string>();
        table.Set(2000, MediaEndpoint.FromIPv4(1, 5), "one");
        table.Set(2002, MediaEndpoint.FromIPv4(1, 5), "other port of ours");
        table.Set(2000, MediaEndpoint.FromIPv4(1, 6), "other port of theirs");
        table.Set(2000, new MediaEndpoint(1, 5), "IPv6");
        Assert.True(table.TryGet(2000, MediaEndpoint.FromIPv4(1, 5), out var found) && found == "one");
        Assert.False(table.TryGet(2004, MediaEndpoint.FromIPv4(1, 5), out _));
        Assert.Equal(4, table.Count);
    }

    [Fact]
    public void A_look_allocates_nothing()
    {
        var table = new SourceTable<string>();
        for (var key = 0; key < 1000; key++) table.Set(2000, MediaEndpoint.FromIPv4((uint)key, 4000), "leg");
        table.TryGet(2000, MediaEndpoint.FromIPv4(7, 4000), out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var key = 0; key < 2000; key++) table.TryGet(2000, MediaEndpoint.FromIPv4((uint)key, 4000), out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    static (ushort Port, MediaEndpoint Source) KeyOf(int key) =>
        ((ushort)(20_000 + (2 * (key % 3))), key % 5 == 0 ? new MediaEndpoint((UInt128)key << 64, 4000) : MediaEndpoint.FromIPv4(0x7F00_0001, (ushort)(4000 + key)));
}
