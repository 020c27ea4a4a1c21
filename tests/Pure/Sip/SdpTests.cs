using System.Net;
using CsCheck;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

public sealed class SdpTests
{
    static byte[] Offer(string media, string session = "c=IN IP4 192.0.2.9\n") => Wire.Bytes($"v=0\no=- 9 4 IN IP4 192.0.2.9\ns=-\n{session}t=0 0\n{media}");

    static (SdpResult Result, SessionDescription? Answer, AgreedAudio? Audio) Answer(byte[] offer, LocalAudio? local = null)
    {
        var result = OfferAnswer.Answer(offer, local ?? Wire.Audio(), out var bytes, out var audio);
        return (result, SessionDescription.TryParse(bytes, out var answer) ? answer : null, audio);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    public void Our_own_offer_is_read_back(string address)
    {
        var local = new LocalAudio(new IPEndPoint(IPAddress.Parse(address), 3000), 77, 5) { Codecs = [AudioCodec.Pcma, AudioCodec.Pcmu], Ptime = 30 };
        Assert.True(OfferAnswer.TryReadLocal(local.Offer(), out var read));
        Assert.Equal((local.Rtp, local.SessionId, local.Version, local.Ptime, local.TelephoneEvent), (read.Rtp, read.SessionId, read.Version, read.Ptime, read.TelephoneEvent));
        Assert.Equal(local.Codecs, read.Codecs);
    }

    [Fact]
    public void Both_sides_agree_on_the_same_codec_and_payload_types()
    {
        var caller = new LocalAudio(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 3000), 1) { Codecs = [AudioCodec.Pcmu, AudioCodec.Pcma], TelephoneEvent = 97 };
        var callee = new LocalAudio(new IPEndPoint(IPAddress.Parse("192.0.2.2"), 4000), 2) { Codecs = [AudioCodec.Pcma] };
        var offer = caller.Offer();
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Answer(offer, callee, out var answer, out var atCallee));
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Accept(offer, answer, out var atCaller));
        Assert.Equal((AudioCodec.Pcma, 8, 97, callee.Rtp), (atCaller.Codec, atCaller.SendPayloadType, atCaller.TelephoneEvent, atCaller.Remote));
        Assert.Equal((AudioCodec.Pcma, 8, 97, caller.Rtp), (atCallee.Codec, atCallee.SendPayloadType, atCallee.TelephoneEvent, atCallee.Remote));
        Assert.Equal(3001, atCallee.RemoteRtcp.Port);
    }

    [Fact]
    public void Streams_that_are_not_taken_keep_their_place_with_port_0()
    {
        var (result, answer, audio) = Answer(Offer(
            "m=video 5000 RTP/AVP 96\na=rtpmap:96 H264/90000\nm=audio 4000 RTP/SAVP 0\nm=audio 4002 RTP/AVP 18 8\nc=IN IP4 192.0.2.77\nm=audio 4004 RTP/AVP 0\n"));
        Assert.Equal(SdpResult.Agreed, result);
        Assert.Equal([("video", 0), ("audio", 0), ("audio", 3000), ("audio", 0)], answer!.Media.Select(m => (m.Kind, m.Port)));
        Assert.Equal(("192.0.2.77:4002", AudioCodec.Pcma), (audio!.Remote.ToString(), audio.Codec));
    }

    [Fact]
    public void A_dynamic_payload_type_for_G711_is_mirrored()
    {
        var (_, answer, audio) = Answer(Offer(
            "m=audio 4000 RTP/AVP 100 101\na=rtpmap:100 PCMA/8000\na=rtpmap:101 telephone-event/8000\na=ptime:30\na=rtcp:4500 IN IP4 192.0.2.10\n"));
        Assert.Equal((AudioCodec.Pcma, 100, 100, 101, 30), (audio!.Codec, audio.SendPayloadType, audio.ReceivePayloadType, audio.TelephoneEvent, audio.Ptime));
        Assert.Equal("192.0.2.10:4500", audio.RemoteRtcp.ToString());
        Assert.Equal(["100", "101"], answer!.Media[0].Formats);
    }

    [Fact]
    public void An_rtpmap_may_take_a_static_type_away() =>
        Assert.Equal(SdpResult.NoCodec, Answer(Offer("m=audio 4000 RTP/AVP 0\na=rtpmap:0 opus/48000/2\n")).Result);

    [Theory]
    [InlineData("a=sendonly\nm=audio 4000 RTP/AVP 0\n", MediaDirection.RecvOnly)]
    [InlineData("a=sendonly\nm=audio 4000 RTP/AVP 0\na=recvonly\n", MediaDirection.SendOnly)]
    [InlineData("m=audio 4000 RTP/AVP 0\na=inactive\n", MediaDirection.Inactive)]
    [InlineData("m=audio 4000 RTP/AVP 0\nc=IN IP4 0.0.0.0\na=recvonly\n", MediaDirection.Inactive)]
    [InlineData("m=audio 4000 RTP/AVP 0\nc=IN IP6 ::\n", MediaDirection.RecvOnly)]
    public void Directions_are_taken_from_media_or_session(string media, MediaDirection expected) =>
        Assert.Equal(expected, Answer(Offer(media)).Audio!.Direction);

    [Theory]
    [InlineData("", "c=IN IP4 192.0.2.9\n", SdpResult.NoAudio)]
    [InlineData("m=audio 0 RTP/AVP 0\n", "c=IN IP4 192.0.2.9\n", SdpResult.NoAudio)]
    [InlineData("m=audio 4000 RTP/AVP 9 18\n", "c=IN IP4 192.0.2.9\n", SdpResult.NoCodec)]
    [InlineData("m=audio 4000 RTP/AVP 0\n", "", SdpResult.NoAddress)]
    [InlineData("m=audio 4000 RTP/AVP 0\n", "c=IN IP4 phone.example\n", SdpResult.NoAddress)]
    [InlineData("m=audio 99999 RTP/AVP 0\n", "c=IN IP4 192.0.2.9\n", SdpResult.Malformed)]
    [InlineData("m=audio -1 RTP/AVP 0\n", "c=IN IP4 192.0.2.9\n", SdpResult.Malformed)]
    [InlineData("m=audio 4000 RTP/AVP 0\n", "c=IN\n", SdpResult.Malformed)]
    [InlineData("m=audio 4000 RTP/AVP 0\na=rtpmap:999 x\n", "c=IN IP4 192.0.2.9\n", SdpResult.Malformed)]
    [InlineData("junk\n", "c=IN IP4 192.0.2.9\n", SdpResult.Malformed)]
    public void What_cannot_be_agreed_is_named(string media, string session, SdpResult expected) =>
        Assert.Equal(expected, Answer(Offer(media, session)).Result);

    [Fact]
    public void An_answer_with_more_streams_than_the_offer_is_a_mismatch() =>
        Assert.Equal(SdpResult.Mismatch, OfferAnswer.Accept(Wire.Audio(), Offer("m=audio 4000 RTP/AVP 0\nm=audio 4002 RTP/AVP 0\n"), out _));

    [Fact]
    public void Any_two_sides_come_to_mirrored_results()
    {
        var direction = Gen.Enum<MediaDirection>();
        var codecs = Gen.Enum<AudioCodec>().Array[1, 2].Select(c => (IReadOnlyList<AudioCodec>)[.. c.Distinct()]);
        var side = Gen.Select(codecs, direction, Gen.Int[1024, 65534], Gen.Int[96, 127].Nullable(), (c, d, p, t) =>
            new LocalAudio(new IPEndPoint(IPAddress.Loopback, p), 1) { Codecs = c, Direction = d, TelephoneEvent = t });
        Gen.Select(side, side).Sample((a, b) =>
        {
            var offer = a.Offer();
            var result = OfferAnswer.Answer(offer, b, out var answer, out var atB);
            Assert.Equal(a.Codecs.Intersect(b.Codecs).Any() ? SdpResult.Agreed : SdpResult.NoCodec, result);
            if (result != SdpResult.Agreed) return;
            Assert.Equal(SdpResult.Agreed, OfferAnswer.Accept(offer, answer, out var atA));
            Assert.Equal((atA.Codec, atA.TelephoneEvent), (atB.Codec, atB.TelephoneEvent));
            Assert.Equal((atA.Direction.Sends(), atA.Direction.Receives()), (atB.Direction.Receives(), atB.Direction.Sends()));
        });
    }
}
