using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class RelayRuleTests
{
    static readonly ListenerTimeline Timeline = new(7, 100, 200);

    [Fact]
    public void The_listener_gets_its_own_payload_type_and_the_payload_untouched()
    {
        var (verdict, datagram) = Relay(new RtpHeader(0, false, 1, 1, 1), [1, 2, 3], MediaFormat.Pcmu, new MediaFormat(G711Law.Mu, 96));
        Assert.Equal(RelayVerdict.Send, verdict);
        Assert.True(RtpPacket.TryParse(datagram, out var packet));
        Assert.Equal(96, packet.Header.PayloadType);
        Assert.Equal<byte>([1, 2, 3], packet.PayloadOf(datagram).ToArray());
    }

    [Fact]
    public void Laws_that_differ_are_converted()
    {
        byte[] expected = [1, 2, 3];
        G711.Convert(expected, G711Law.Mu, G711Law.A);
        var (_, datagram) = Relay(new RtpHeader(0, false, 1, 1, 1), [1, 2, 3], MediaFormat.Pcmu, MediaFormat.Pcma);
        Assert.True(RtpPacket.TryParse(datagram, out var packet));
        Assert.Equal((8, 7u), (packet.Header.PayloadType, packet.Header.Ssrc));
        Assert.Equal(expected, packet.PayloadOf(datagram).ToArray());
    }

    [Fact]
    public void A_source_may_change_to_the_other_law_that_was_offered()
    {
        var (verdict, datagram) = Relay(new RtpHeader(8, false, 1, 1, 1), [1, 2, 3], MediaFormat.Pcmu, MediaFormat.Pcma);
        Assert.Equal(RelayVerdict.Send, verdict);
        Assert.Equal<byte>([1, 2, 3], datagram[RtpHeader.Size..]);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(101)]
    [InlineData(72)] // RTCP on the RTP port (RFC 5761 section 4)
    public void A_payload_type_that_was_not_negotiated_goes_nowhere(byte payloadType) =>
        Assert.Equal(RelayVerdict.PayloadType, Relay(new RtpHeader(payloadType, false, 1, 1, 1), [1], MediaFormat.Pcmu, MediaFormat.Pcmu).Verdict);

    static (RelayVerdict Verdict, byte[] Datagram) Relay(RtpHeader header, byte[] payload, MediaFormat source, MediaFormat listener)
    {
        var datagram = new byte[RtpHeader.Size + payload.Length];
        header.Write(datagram);
        payload.CopyTo(datagram, RtpHeader.Size);
        Assert.True(RtpPacket.TryParse(datagram, out var packet));
        return (RelayRule.Rewrite(datagram, packet, source, listener, Timeline, TimeSpan.Zero), datagram);
    }
}
