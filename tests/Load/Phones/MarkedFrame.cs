using System.Buffers.Binary;

namespace OrleansCallback.Load.Phones;

/// <summary>RTP packets with 20 ms of PCMA that say whose they are and which (RFC 3550 section 5.1).</summary>
public static class MarkedFrame
{
    const int Header = 12, Payload = 160;
    const byte Version2 = 0x80, Pcma = 8;

    /// <summary>Bytes of a packet.</summary>
    public const int Length = Header + Payload;

    /// <summary>Writes frame <paramref name="number"/> of a mark.</summary>
    public static void Write(Span<byte> packet, uint mark, int number)
    {
        (packet[0], packet[1]) = (Version2, Pcma);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)number);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], (uint)(number * Payload));
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], mark);
        Fill(packet[Header..Length], mark, number);
    }

    /// <summary>Whose frame it is; null if it is not, byte for byte, one that <see cref="Write"/> makes.</summary>
    public static uint? MarkOf(ReadOnlySpan<byte> packet) => TryRead(packet, out var mark, out _) ? mark : null;

    /// <summary>Whose frame it is, and which; false if it is not, byte for byte, one that <see cref="Write"/> makes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out uint mark, out int number)
    {
        (mark, number) = (0, 0);
        if (packet.Length != Length) return false;
        var payload = packet[Header..];
        mark = BinaryPrimitives.ReadUInt32BigEndian(payload);
        number = BinaryPrimitives.ReadInt32BigEndian(payload[4..]);
        Span<byte> expected = stackalloc byte[Payload];
        Fill(expected, mark, number);
        return payload.SequenceEqual(expected);
    }

    static void Fill(Span<byte> payload, uint mark, int number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(payload, mark);
        BinaryPrimitives.WriteInt32BigEndian(payload[4..], number);
        var state = (mark ^ (uint)number * 0x9E3779B9u) | 1;
        for (var i = 8; i < Payload; i += 4)
        {
            state = state * 1664525 + 1013904223;
            BinaryPrimitives.WriteUInt32LittleEndian(payload[i..], state);
        }
    }
}
