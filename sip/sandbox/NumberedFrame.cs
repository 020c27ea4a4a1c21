using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OrleansCallback.Sip.Sandbox;

/// <summary>The payload of numbered audio: 20 ms of G.711 that name the speaker's number and count up. Every byte depends on both, so that a
/// frame is recognised only if it arrived as it was sent. A conversion between the laws on the way makes it unrecognisable.</summary>
public static class NumberedFrame
{
    /// <summary>Bytes of a frame.</summary>
    public const int Size = 160;

    const ulong Golden = 0x9E37_79B9_7F4A_7C15;
    const int Start = 16;

    /// <summary>Fills a frame.</summary>
    /// <param name="frame">160 bytes.</param>
    /// <param name="number">The speaker's number as digits.</param>
    /// <param name="counter">0 for the first frame.</param>
    public static void Write(Span<byte> frame, ulong number, uint counter)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(frame, number);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[8..], counter);
        var state = Seed(number, counter);
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(frame[Start..Size])) word = Next(ref state);
    }

    /// <summary>Whose frame it is and which; false if it is none, or not as it was sent.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out ulong number, out uint counter)
    {
        (number, counter) = (0, 0);
        if (frame.Length != Size) return false;
        number = BinaryPrimitives.ReadUInt64LittleEndian(frame);
        var count = BinaryPrimitives.ReadUInt64LittleEndian(frame[8..]);
        if (count > uint.MaxValue) return false;
        counter = (uint)count;
        var state = Seed(number, counter);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(frame[Start..]))
            if (word != Next(ref state)) return false;
        return true;
    }

    static ulong Seed(ulong number, uint counter) => (number * Golden) ^ (counter + Golden);

    static ulong Next(ref ulong state)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state * Golden;
    }
}
