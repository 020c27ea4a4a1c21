using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class RelayRuleTests
{
    readonly ListenerTimeline timeline = new(7, 100, 200);

    static readonly MediaFormat Wide = new(G711Law.Mu, 0) { G722 = new(9, 9), Opus = new(100, 111), TelephoneEvent = new(96, 101) };

    [Fact]
    public void The_listener_gets_its_own_payload_type_and_the_payload_untouched()
    {
        var (verdict, packet, payload) = Relay(RtpEncoding.Pcmu, [1, 2, 3], new MediaFormat(G711Law.Mu, 96));
        Assert.Equal((RelayVerdict.Send, 96), (verdict, packet.Header.PayloadType));
        Assert.Equal<byte>([1, 2, 3], payload);
    }

    [Fact]
    public void Laws_that_differ_are_converted()
    {
        byte[] expected = [1, 2, 3];
        G711.Convert(expected, G711Law.Mu, G711Law.A);
        var (_, packet, payload) = Relay(RtpEncoding.Pcmu, [1, 2, 3], MediaFormat.Pcma);
        Assert.Equal((8, 7u), (packet.Header.PayloadType, packet.Header.Ssrc));
        Assert.Equal(expected, payload);
    }

    [Theory]
    [InlineData(RtpEncoding.G722, 9)]
    [InlineData(RtpEncoding.Opus, 100)]
    [InlineData(RtpEncoding.TelephoneEvent, 96)]
    public void What_cannot_be_converted_passes_untouched_under_the_listeners_number(RtpEncoding encoding, byte expected)
    {
        var (verdict, packet, payload) = Relay(encoding, [1, 2, 3], Wide);
        Assert.Equal((RelayVerdict.Send, expected), (verdict, packet.Header.PayloadType));
        Assert.Equal<byte>([1, 2, 3], payload);
        Assert.Equal(RelayVerdict.NotShared, Relay(encoding, [1], MediaFormat.Pcma).Verdict);
    }

    [Fact]
    public void Nothing_is_sent_as_G711_to_who_has_none_agreed() =>
        Assert.Equal(RelayVerdict.NotShared, Relay(RtpEncoding.Pcma, [1], new MediaFormat(G711Law.A, null) { G722 = new(9, 9) }).Verdict);

    [Theory]
    [InlineData(0, RtpEncoding.Pcmu)]
    [InlineData(8, RtpEncoding.Pcma)] // the other law was offered as well
    [InlineData(9, RtpEncoding.G722)]
    [InlineData(111, RtpEncoding.Opus)]
    [InlineData(101, RtpEncoding.TelephoneEvent)]
    public void A_number_means_what_was_negotiated(byte payloadType, RtpEncoding expected) =>
        Assert.Equal((true, expected), (Wide.TryRead(payloadType, out var encoding), encoding));

    [Theory]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(101)]
    [InlineData(111)]
    [InlineData(72)] // RTCP on the RTP port (RFC 5761 section 4)
    public void A_payload_type_that_was_not_negotiated_means_nothing(byte payloadType) => Assert.False(MediaFormat.Pcmu.TryRead(payloadType, out _));

    (RelayVerdict Verdict, RtpPacket Packet, byte[] Payload) Relay(RtpEncoding encoding, byte[] payload, MediaFormat listener)
    {
        var datagram = new byte[RtpHeader.Size + payload.Length];
        new RtpHeader(1, false, 1, 1, (uint)encoding).Write(datagram);
        payload.CopyTo(datagram, RtpHeader.Size);
        Assert.True(RtpPacket.TryParse(datagram, out var packet));
        var verdict = RelayRule.Rewrite(datagram, packet, encoding, listener, timeline, TimeSpan.Zero);
        Assert.True(RtpPacket.TryParse(datagram, out packet));
        return (verdict, packet, datagram[RtpHeader.Size..]);
    }
}
