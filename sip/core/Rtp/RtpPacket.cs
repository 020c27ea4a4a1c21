using System.Buffers.Binary;

namespace OrleansCallback.Sip.Rtp;

/// <summary>Where the parts of a received RTP packet lie (RFC 3550 section 5.1).</summary>
/// <param name="Header">The fixed header.</param>
/// <param name="PayloadStart">Offset of the first byte after CSRC list and header extension.</param>
/// <param name="PayloadLength">Bytes of payload, without padding; may be 0.</param>
public readonly record struct RtpPacket(RtpHeader Header, int PayloadStart, int PayloadLength)
{
    /// <summary>Reads a datagram. False for anything that is not a whole RTP packet of version 2: count it and drop it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtpPacket packet)
    {
        packet = default;
        if (!TryReadHeaderLength(datagram, out var start)) return false;
        var padding = (datagram[0] & 0x20) != 0 ? datagram[^1] : 0;
        if ((datagram[0] & 0x20) != 0 && (padding == 0 || padding > datagram.Length - start)) return false;

        packet = new RtpPacket(ReadHeader(datagram), start, datagram.Length - start - padding);
        return true;
    }

    /// <summary>Bytes of header, CSRC list and header extension: what SRTP leaves readable. False for anything that is not RTP of version 2.</summary>
    internal static bool TryReadHeaderLength(ReadOnlySpan<byte> datagram, out int length)
    {
        length = 0;
        if (datagram.Length < RtpHeader.Size || datagram[0] >> 6 != 2) return false;
        length = RtpHeader.Size + (4 * (datagram[0] & 0x0F));
        if ((datagram[0] & 0x10) != 0 && !TrySkipExtension(datagram, ref length)) return false;
        return datagram.Length >= length;
    }

    /// <summary>The payload's bytes within the datagram that was parsed.</summary>
    public Span<byte> PayloadOf(Span<byte> datagram) => datagram.Slice(PayloadStart, PayloadLength);

    static bool TrySkipExtension(ReadOnlySpan<byte> datagram, ref int start)
    {
        if (datagram.Length < start + 4) return false;
        start += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(start + 2)..]));
        return true;
    }

    static RtpHeader ReadHeader(ReadOnlySpan<byte> datagram) => new(
        (byte)(datagram[1] & 0x7F),
        (datagram[1] & 0x80) != 0,
        BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]),
        BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]),
        BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]));
}
