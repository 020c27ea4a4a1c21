using System.Net;
using CsCheck;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Rtp;
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
    [InlineData("m=video 0 RTP/AVP 96\n", "c=IN IP4 192.0.2.9\n", SdpResult.NoAudio)]
    [InlineData("m=audio 0 RTP/AVP 0\nm=image 4000 udptl t38\n", "c=IN IP4 192.0.2.9\n", SdpResult.NoAudio)]
    [InlineData("m=audio 4000 RTP/AVP 9 18\na=rtpmap:9 G722/8000\n", "c=IN IP4 192.0.2.9\n", SdpResult.NoCodec)]
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
    public void An_offer_that_gives_up_its_audio_is_answered_alike()
    {
        var offer = Offer("m=audio 0 RTP/AVP 0 8\nm=video 0 RTP/AVP 96\n", "");
        Assert.Equal(SdpResult.Disabled, OfferAnswer.Answer(offer, Wire.Audio(), out var bytes, out _));
        Assert.True(SessionDescription.TryParse(bytes, out var answer));
        Assert.Equal([("audio", 0, "0 8"), ("video", 0, "96")], answer.Media.Select(m => (m.Kind, m.Port, string.Join(' ', m.Formats))));
    }

    [Fact]
    public void An_answer_with_more_streams_than_the_offer_is_a_mismatch() =>
        Assert.Equal(SdpResult.Mismatch, OfferAnswer.Accept(Wire.Audio(), Offer("m=audio 4000 RTP/AVP 0\nm=audio 4002 RTP/AVP 0\n"), out _));

    [Theory]
    [InlineData("192.0.2.1", "IN IP6 2001:db8::c000:201", SdpResult.OtherFamily)]
    [InlineData("2001:db8::1", "IN IP4 192.0.2.9", SdpResult.OtherFamily)]
    [InlineData("192.0.2.1", "IN IP6 ::ffff:192.0.2.9", SdpResult.Agreed)]
    [InlineData("2001:db8::1", "IN IP6 2001:db8::9", SdpResult.Agreed)]
    [InlineData("2001:db8::1", "IN IP4 0.0.0.0", SdpResult.Agreed)]
    public void Audio_goes_to_addresses_of_the_own_family_alone(string own, string connection, SdpResult expected)
    {
        var local = new LocalAudio(new IPEndPoint(IPAddress.Parse(own), 3000), 1);
        var theirs = Offer("m=audio 4000 RTP/AVP 0\n", $"c={connection}\n");
        Assert.Equal(expected, OfferAnswer.Accept(local, theirs, out var accepted));
        Assert.Equal(expected, OfferAnswer.Answer(theirs, local, out _, out var answered));
        if (expected != SdpResult.Agreed) return;
        Assert.Equal(connection.Split(':')[^1].Split(' ')[^1], $"{accepted.Remote.Address}".Split(':')[^1]);
        Assert.Equal(accepted.Remote, answered.Remote);
    }

    [Fact]
    public void Of_two_audio_streams_the_one_of_the_own_family_is_taken()
    {
        var (result, answer, audio) = Answer(Offer("m=audio 4000 RTP/AVP 0\nc=IN IP6 2001:db8::9\nm=audio 4002 RTP/AVP 0\n"));
        Assert.Equal((SdpResult.Agreed, "192.0.2.9:4002"), (result, $"{audio!.Remote}"));
        Assert.Equal([0, 3000], answer!.Media.Select(m => m.Port));
    }

    static LocalAudio Wide => Wire.Audio() with { Codecs = [AudioCodec.Opus, AudioCodec.G722, AudioCodec.Pcma] };

    [Fact]
    public void G722_and_Opus_are_agreed_when_they_are_asked_for_and_keep_the_offers_numbers()
    {
        var (_, answer, audio) = Answer(Offer("m=audio 4000 RTP/AVP 96 9 0\na=rtpmap:96 opus/48000/2\na=fmtp:96 useinbandfec=1\n"), Wide);
        Assert.Equal((AudioCodec.Opus, 96, 96, "useinbandfec=1"), (audio!.Codec, audio.SendPayloadType, audio.ReceivePayloadType, audio.FormatParameters));
        Assert.Equal([(96, "opus/48000/2")], answer!.Media[0].RtpMaps);
        (_, answer, audio) = Answer(Offer("m=audio 4000 RTP/AVP 0 9\n"), Wide with { Codecs = [AudioCodec.G722] });
        Assert.Equal((AudioCodec.G722, 9), (audio!.Codec, audio.SendPayloadType));
        // Whoever offers a number takes packets with it, and sends with the answer's.
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Accept(Wide, Offer("m=audio 4000 RTP/AVP 100\na=rtpmap:100 OPUS/48000/2\n"), out audio));
        Assert.Equal((100, 111), (audio.SendPayloadType, audio.ReceivePayloadType));
    }

    [Fact]
    public void An_answer_that_lists_several_codecs_allows_them_all_under_each_sides_own_numbers()
    {
        var answer = Offer("m=audio 4000 RTP/AVP 9 100 8 96\na=rtpmap:100 opus/48000/2\na=rtpmap:96 telephone-event/8000\n");
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Accept(Wide, answer, out var audio));
        Assert.Equal([new(AudioCodec.G722, 9, 9), new(AudioCodec.Opus, 100, 111), new(AudioCodec.Pcma, 8, 8)], audio.Codecs);
        Assert.Equal((96, 101), (audio.TelephoneEvent, audio.TelephoneEventReceived));
        var format = MediaFormat.Of(audio);
        Assert.Equal((G711Law.A, (byte?)8), (format.Law, format.PayloadType));
        Assert.Equal((new(9, 9), new(100, 111), new(96, 101)), (format.G722!.Value, format.Opus!.Value, format.TelephoneEvent!.Value));
    }

    [Fact]
    public void What_we_answer_allows_the_one_codec_that_the_answer_names()
    {
        var (_, _, audio) = Answer(Offer("m=audio 4000 RTP/AVP 9 8 96\na=rtpmap:96 telephone-event/8000\n"), Wide);
        Assert.Equal([new(AudioCodec.G722, 9, 9)], audio!.Codecs);
        Assert.Equal((96, 96), (audio.TelephoneEvent, audio.TelephoneEventReceived));
        Assert.Null(MediaFormat.Of(audio).PayloadType);
    }

    [Theory]
    [InlineData("0 101\na=rtpmap:101 telephone-event/8000", "0 101\na=rtpmap:101 telephone-event/8000", 111, 101)]
    [InlineData("0", "0 96 97\na=rtpmap:96 opus/48000/2\na=rtpmap:97 telephone-event/8000", 96, 97)]
    [InlineData("0", "0 111 96 101\na=rtpmap:111 telephone-event/8000\na=rtpmap:96 iLBC/8000\na=rtpmap:101 speex/8000", 97, 111)]
    [InlineData("0", "0 101 111\na=rtpmap:101 speex/8000\na=rtpmap:111 opus/48000/2", 111, 96)]
    public void A_later_offer_takes_no_number_that_stands_for_something_else(string own, string peers, int opus, int telephoneEvent)
    {
        var later = Wire.Audio().Again([AudioCodec.Opus, AudioCodec.G722, AudioCodec.Pcmu], Offer($"m=audio 4000 RTP/AVP {own}\n"), Offer($"m=audio 4000 RTP/AVP {peers}\n"));
        Assert.True(SessionDescription.TryParse(later.Offer(), out var offer));
        Assert.Equal([$"{opus}", "9", "0", $"{telephoneEvent}"], offer.Media[0].Formats);
    }

    [Fact]
    public void A_codec_that_is_preferred_is_taken_wherever_the_offer_lists_it()
    {
        var (_, _, audio) = Answer(Offer("m=audio 4000 RTP/AVP 8 0 9\n"), Wide with { Preferred = AudioCodec.G722 });
        Assert.Equal(AudioCodec.G722, audio!.Codec);
        (_, _, audio) = Answer(Offer("m=audio 4000 RTP/AVP 8 0\n"), Wide with { Preferred = AudioCodec.G722 });
        Assert.Equal(AudioCodec.Pcma, audio!.Codec);
    }

    [Fact]
    public void A_number_that_Opus_once_got_stays_its_number()
    {
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Answer(Offer("m=audio 4000 RTP/AVP 96\na=rtpmap:96 opus/48000/2\n"), Wide, out var answer, out _));
        Assert.True(OfferAnswer.TryReadLocal(answer, out var read));
        Assert.Contains("a=rtpmap:96 opus/48000/2", System.Text.Encoding.UTF8.GetString(read.Offer()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_offer_of_ours_keeps_every_stream_in_its_place()
    {
        var offer = Offer("m=video 5000 RTP/AVP 96\na=rtpmap:96 H264/90000\nm=audio 4000 RTP/AVP 0\nm=application 5002 UDP/DTLS/SCTP webrtc-datachannel\n");
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Answer(offer, Wire.Audio(), out var first, out _));
        var bench = new Bench();
        var (invite, _) = bench.Establish();
        bench.Send(Wire.InDialog(invite, "INVITE", 1, offer));
        Assert.True(SessionDescription.TryParse(bench.SentOne().Body.Span, out var answer));
        Assert.Equal(SessionDescription.TryParse(first, out var same) ? same.Media.Select(m => m.Port) : [], answer.Media.Select(m => m.Port));
        bench.Send(Wire.InDialog(invite, "ACK", 1));
        bench.Agent.Reinvite("attempt-1", Wire.Audio(3100).Offer(), bench.Now);
        var again = bench.SentOne();
        Assert.True(SessionDescription.TryParse(again.Body.Span, out var ours));
        Assert.Equal([("video", 0), ("audio", 3100), ("application", 0)], ours.Media.Select(m => (m.Kind, m.Port)));
        Assert.Equal("webrtc-datachannel", ours.Media[2].Formats[0]);
        Assert.Equal("3", ours.Version);
        var reply = Offer("m=video 0 RTP/AVP 96\nm=audio 4010 RTP/AVP 0\nm=application 0 UDP/DTLS/SCTP webrtc-datachannel\n");
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Accept(again.Body.Span, reply, out var agreed));
        Assert.Equal(4010, agreed.Remote.Port);
    }

    [Fact]
    public void ICE_and_secure_streams_are_passed_by_and_a_shared_port_is_taken_only_if_we_can()
    {
        const string Ice = "a=ice-ufrag:8hhY\na=ice-pwd:asd88fgpdd777uzjYhagZg\na=candidate:1 1 UDP 2130706431 192.0.2.9 4000 typ host\na=rtcp-mux\na=mid:0\n";
        var offer = Offer($"m=audio 3998 UDP/TLS/RTP/SAVPF 0\nm=audio 4000 RTP/AVPF 0\n{Ice}", "c=IN IP4 192.0.2.9\na=ice-lite\na=group:BUNDLE 0\n");
        var (result, answer, audio) = Answer(offer);
        Assert.Equal((SdpResult.Agreed, false, 4001), (result, audio!.RtcpMux, audio.RemoteRtcp.Port));
        Assert.Equal([("UDP/TLS/RTP/SAVPF", 0), ("RTP/AVPF", 3000)], answer!.Media.Select(m => (m.Protocol, m.Port)));
        Assert.False(answer.Media[1].RtcpMux);
        (_, answer, audio) = Answer(offer, Wire.Audio() with { RtcpMux = true });
        Assert.Equal((true, 4000, true), (audio!.RtcpMux, audio.RemoteRtcp.Port, answer!.Media[1].RtcpMux));
    }

    [Fact]
    public void Only_CRLF_and_LF_end_a_line_and_unknown_lines_are_passed_by()
    {
        var text = "v=0\no=- 9 4 IN IP4 192.0.2.9\ns=A\u0085B\u2028C\fD\ni=x\nu=http://x\ne=a@b\np=+1\nc=IN IP4 192.0.2.9\nb=AS:64\nt=0 0\nr=7d 1h 0 25h\nz=0 0\n"
            + "k=clear:x\na=tool:x\nm=audio 4000/1 RTP/AVP 0\ni=y\nb=TIAS:64000\na=cat:x\na=maxptime:20\na=ptime:30\n";
        Assert.Equal((SdpResult.Agreed, 20), Answer(System.Text.Encoding.UTF8.GetBytes(text)) is var (r, _, a) ? (r, a!.Ptime) : default);
    }

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
