using CsCheck;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class RtpPacketTests
{
    static readonly Gen<RtpHeader> Headers = Gen.Select(
        Gen.Byte[0, 127], Gen.Bool, Gen.UShort, Gen.UInt, Gen.UInt, (type, marker, seq, time, ssrc) => new RtpHeader(type, marker, seq, time, ssrc));

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Headers, Gen.Byte.Array[0, 480]).Sample((header, payload) =>
        {
            var datagram = new byte[RtpHeader.Size + payload.Length];
            header.Write(datagram);
            payload.CopyTo(datagram, RtpHeader.Size);
            return RtpPacket.TryParse(datagram, out var packet) && packet.Header == header && packet.PayloadOf(datagram).SequenceEqual(payload);
        });

    [Fact]
    public void No_datagram_makes_the_parser_throw_or_point_outside_of_it() =>
        Gen.Byte.Array[0, 100].Sample(datagram =>
            !RtpPacket.TryParse(datagram, out var packet)
            || (packet.PayloadStart >= RtpHeader.Size && packet.PayloadLength >= 0
                && packet.PayloadStart + packet.PayloadLength <= datagram.Length));

    [Fact]
    public void Contributors_extension_and_padding_are_not_payload()
    {
        byte[] datagram =
        [
            0xB1, 0x80, 0, 7, 0, 0, 0, 9, 0, 0, 0, 1, // version 2, padding, extension, one CSRC; marker; sequence 7, timestamp 9, SSRC 1
            0, 0, 0, 2, // the CSRC
            0xBE, 0xDE, 0, 1, 1, 2, 3, 4, // an extension of one word
            50, 51, 52, // payload
            0, 0, 3, // padding
        ];
        Assert.True(RtpPacket.TryParse(datagram, out var packet));
        Assert.Equal(new RtpHeader(0, true, 7, 9, 1), packet.Header);
        Assert.Equal<byte>([50, 51, 52], packet.PayloadOf(datagram).ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0x40, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 })] // version 1
    [InlineData(new byte[] { 0x80, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0 })] // short of one byte
    [InlineData(new byte[] { 0x81, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 })] // its CSRC is missing
    [InlineData(new byte[] { 0x90, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 })] // its extension is missing
    [InlineData(new byte[] { 0xA0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0 })] // padding of no byte
    [InlineData(new byte[] { 0xA0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 2 })] // more padding than there is
    public void What_is_not_a_whole_packet_is_refused(byte[] datagram) => Assert.False(RtpPacket.TryParse(datagram, out _));
}
