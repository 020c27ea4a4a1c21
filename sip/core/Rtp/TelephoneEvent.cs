using System.Buffers.Binary;

namespace OrleansCallback.Sip.Rtp;

/// <summary>One event of a telephone-event payload (RFC 4733 section 2.3).</summary>
/// <param name="Code">0 to 15 are the keys of a telephone (section 3.2); others are no keys.</param>
/// <param name="IsEnd">The event is over; <paramref name="Duration"/> is final.</param>
/// <param name="Volume">Of the tone that it stands for, in dBm0 below zero, 0 to 63.</param>
/// <param name="Duration">From its RTP timestamp on, in ticks of the RTP clock.</param>
public readonly record struct TelephoneEvent(byte Code, bool IsEnd, byte Volume, ushort Duration)
{
    /// <summary>Bytes of an event.</summary>
    public const int Size = 4;

    const string Keys = "0123456789*#ABCD";

    /// <summary>The key: 0 to 9, *, #, A to D; null for an event that is no key, such as a flash hook.</summary>
    public char? Key => Code < Keys.Length ? Keys[Code] : null;

    /// <summary>The code of a key; false for what is none.</summary>
    public static bool TryCodeOf(char key, out byte code)
    {
        var at = Keys.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal);
        code = (byte)Math.Max(at, 0);
        return at >= 0;
    }

    /// <summary>Reads the first event of a payload. The reserved bit says nothing (section 2.3.4).</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out TelephoneEvent read)
    {
        read = payload.Length < Size
            ? default
            : new(payload[0], (payload[1] & 0x80) != 0, (byte)(payload[1] & 0x3F), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return payload.Length >= Size;
    }

    /// <summary>Writes the event into the first <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> payload)
    {
        payload[0] = Code;
        payload[1] = (byte)((IsEnd ? 0x80 : 0) | (Volume & 0x3F));
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], Duration);
    }
}
