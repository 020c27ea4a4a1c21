using System.Buffers.Binary;

namespace OrleansCallback.Sip.Rtp;

/// <summary>The fixed header of an RTP packet (RFC 3550 section 5.1) without the bits that describe what follows it.</summary>
/// <param name="PayloadType">0 to 127; RFC 3551 fixes 0 for PCMU and 8 for PCMA.</param>
/// <param name="Marker">For audio: the first packet of a talkspurt, or of another source in the same stream (RFC 3551 section 4.1).</param>
/// <param name="Sequence">One more per packet, wraps at 65,536.</param>
/// <param name="Timestamp">In samples; G.711 has 8,000 of them a second.</param>
/// <param name="Ssrc">Names the sender within the session.</param>
public readonly record struct RtpHeader(byte PayloadType, bool Marker, ushort Sequence, uint Timestamp, uint Ssrc)
{
    /// <summary>Bytes of the fixed header.</summary>
    public const int Size = 12;

    const byte Version2 = 0x80;

    /// <summary>Writes a header with no CSRC, padding or extension into the first <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> packet)
    {
        packet[0] = Version2;
        WriteOver(packet);
    }

    /// <summary>Replaces the header of a packet that is already there; its CSRC, padding and extension bits stay as they are.</summary>
    public void WriteOver(Span<byte> packet)
    {
        packet[1] = (byte)((Marker ? 0x80 : 0) | (PayloadType & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Ssrc);
    }
}
