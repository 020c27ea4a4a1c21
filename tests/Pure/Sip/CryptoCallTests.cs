using System.Text;
using System.Text.Json;
using OrleansCallback.Sip;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Keys over the life of a call: its first offer, re-INVITEs and UPDATEs of both sides, refreshes (RFC 4568 section 7.1.4).</summary>
public sealed class CryptoCallTests
{
    const string KeyA = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd", KeyB = "HR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6";

    readonly Bench bench = new();
    readonly LocalAudio local;
    readonly SipMessage invite;
    int cseq;

    public CryptoCallTests()
    {
        local = Wire.Audio() with { Encryption = MediaEncryption.Preferred, Crypto = CryptoLine.Generate() };
        Assert.Equal(CommandResult.Done, bench.Agent.Invite(Bench.Attempt(), local.Offer(), null, bench.Now));
        invite = bench.SentOne();
    }

    static byte[] Sdp(string protocol, string crypto = "") => Wire.Bytes(
        $"v=0\no=- 7 1 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\nm=audio 4000 {protocol} 0\n{(crypto.Length > 0 ? $"a=crypto:{crypto}\n" : "")}");

    AgreedAudio? Answered(byte[] sdp)
    {
        bench.Send(Wire.Response(invite, 200, "b", "Contact: <sip:phone@192.0.2.2>\n", sdp));
        var answered = bench.Event<Answered>();
        Assert.DoesNotContain("inline", $"{answered}{JsonSerializer.Serialize(answered.Dialog)}", StringComparison.OrdinalIgnoreCase);
        bench.Agent.Acknowledge("attempt-1", bench.Now);
        bench.Sent();
        return answered.Agreed;
    }

    /// <summary>The peer's re-INVITE: what we answer and what the application is told.</summary>
    (SipMessage Answer, AgreedAudio? Agreed) Reinvited(byte[]? offer, byte[]? late = null, string headers = "")
    {
        bench.Send(Wire.InDialog(invite, "INVITE", ++cseq, offer, headers));
        var answer = bench.SentOne();
        bench.Send(Wire.InDialog(invite, "ACK", cseq, late));
        var changed = bench.Events().OfType<MediaChanged>().SingleOrDefault();
        Assert.DoesNotContain("inline", $"{changed}{JsonSerializer.Serialize(changed?.Dialog)}", StringComparison.OrdinalIgnoreCase);
        return (answer, changed?.Agreed);
    }

    static MediaDescription Media(SipMessage message)
    {
        Assert.True(SessionDescription.TryParse(message.Body.Span, out var sdp));
        return sdp.Media[0];
    }

    static string Version(SipMessage message)
    {
        Assert.True(SessionDescription.TryParse(message.Body.Span, out var sdp));
        return sdp.Version;
    }

    [Fact]
    public void The_answer_tells_the_keys_and_no_event_shows_them()
    {
        var agreed = Answered(Sdp("RTP/AVP", $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}"))!;
        Assert.Equal((local.Crypto[2].Key, KeyA), (agreed.Srtp!.Local, agreed.Srtp.Remote.ToInline()));
        Assert.Contains("inline", Encoding.UTF8.GetString(invite.Body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(488)]
    [InlineData(606)]
    public void Who_takes_nothing_but_RTP_SAVP_is_offered_it_when_he_has_said_so(int code)
    {
        bench.Send(Wire.Response(invite, code, "b"));
        var again = bench.Sent()[1];
        Assert.Equal((2, "RTP/SAVP", "2"), (again.CSeq!.Number, Media(again).Protocol, Version(again)));
        Assert.Equal(local.Crypto, Media(again).Crypto);
        bench.Send(Wire.Response(again, 200, "b", "Contact: <sip:phone@192.0.2.2>\n", Sdp("RTP/SAVP", $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}")));
        Assert.Equal(local.Crypto[2].Key, bench.Event<Answered>().Agreed!.Srtp!.Local);
        bench.Agent.Acknowledge("attempt-1", bench.Now);
        bench.Sent();
        Assert.Equal("RTP/SAVP", Media(Reinvited(null, Sdp("RTP/SAVP", $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyB}")).Answer).Protocol);
    }

    [Theory]
    [InlineData(true, MediaEncryption.Preferred)] // it rang: it was not the protocol
    [InlineData(false, MediaEncryption.Off)]
    [InlineData(false, MediaEncryption.Required)]
    public void Any_other_refusal_is_one(bool rang, MediaEncryption encryption)
    {
        var other = new Bench();
        other.Agent.Invite(Bench.Attempt(), (local with { Encryption = encryption }).Offer(), null, other.Now);
        var call = other.SentOne();
        if (rang) other.Send(Wire.Response(call, 180, "b"));
        other.Send(Wire.Response(call, 488, "b"));
        Assert.Equal(["ACK"], other.SentNames());
        Assert.Equal(488, other.Events().OfType<Refused>().Single().Code);
    }

    [Theory]
    [InlineData("RTP/AVP")]
    [InlineData("RTP/SAVP")]
    public void Other_codecs_are_offered_with_protocol_and_keys_as_they_were(string protocol)
    {
        if (protocol == "RTP/SAVP")
        {
            bench.Send(Wire.Response(invite, 488, "b"));
            bench.Send(Wire.Response(bench.Sent()[1], 200, "b", "Contact: <sip:phone@192.0.2.2>\n", Sdp(protocol, $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}")));
            bench.Event<Answered>();
            bench.Agent.Acknowledge("attempt-1", bench.Now);
            bench.Sent();
        }
        else
        {
            Answered(Sdp(protocol, $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}"));
        }

        Assert.Equal(CommandResult.Done, bench.Agent.OfferCodecs("attempt-1", [AudioCodec.Opus, AudioCodec.Pcmu], bench.Now));
        var offer = bench.SentOne();
        Assert.Equal(protocol, Media(offer).Protocol);
        Assert.Equal(["111", "0", "101"], Media(offer).Formats);
        Assert.Equal(local.Crypto, Media(offer).Crypto);
        bench.Send(Wire.Response(offer, 200, "", "Contact: <sip:phone@192.0.2.2>\n", Sdp(protocol, $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}")));
        var done = bench.Event<ReinviteDone>();
        Assert.Equal((AudioCodec.Pcmu, local.Crypto[2].Key, KeyA), (done.Agreed!.Codec, done.Agreed.Srtp!.Local, done.Agreed.Srtp.Remote.ToInline()));
    }

    [Fact]
    public void A_re_INVITE_keeps_our_key_and_may_bring_another_of_the_peers()
    {
        Answered(Sdp("RTP/AVP", $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}"));
        foreach (var theirs in new[] { KeyA, KeyB })
        {
            var (answer, agreed) = Reinvited(Sdp("RTP/AVP", $"1 AES_CM_128_HMAC_SHA1_80 inline:{theirs}"));
            Assert.Equal(new CryptoLine(1, local.Crypto[2].Key), Assert.Single(Media(answer).Crypto));
            Assert.Equal((local.Crypto[2].Key, theirs), (agreed!.Srtp!.Local, agreed.Srtp.Remote.ToInline()));
        }
    }

    [Fact]
    public void The_peer_may_change_suite_and_protocol_and_go_back_to_plain()
    {
        Answered(Sdp("RTP/AVP", $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}"));
        var (answer, agreed) = Reinvited(Sdp("RTP/SAVP", $"1 AES_CM_128_HMAC_SHA1_32 inline:{KeyB}"));
        Assert.Equal(("RTP/SAVP", 1, local.Crypto[3].Key), (Media(answer).Protocol, Media(answer).Crypto[0].Tag, agreed!.Srtp!.Local));
        (answer, agreed) = Reinvited(Sdp("RTP/AVP"));
        Assert.Equal(("RTP/AVP", 0), (Media(answer).Protocol, Media(answer).Crypto.Count));
        Assert.Null(agreed!.Srtp);
        (_, agreed) = Reinvited(Sdp("RTP/AVP", $"1 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}"));
        Assert.Equal(local.Crypto[2].Key, agreed!.Srtp!.Local);
    }

    [Fact]
    public void A_re_INVITE_without_offer_gets_all_our_keys_as_they_were_and_its_answer_counts()
    {
        Answered(Sdp("RTP/AVP", $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}"));
        Reinvited(Sdp("RTP/SAVP", $"1 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}"));
        var (offer, agreed) = Reinvited(null, Sdp("RTP/SAVP", $"1 AEAD_AES_256_GCM inline:{KeyA}AAECAwQFBgcICQoLDA0="));
        Assert.Equal("RTP/SAVP", Media(offer).Protocol);
        Assert.Equal(local.Crypto, Media(offer).Crypto);
        Assert.Equal(local.Crypto[0].Key, agreed!.Srtp!.Local);
    }

    [Fact]
    public void A_refresh_repeats_what_was_agreed_and_forgets_nothing_of_what_may_be()
    {
        Answered(Sdp("RTP/AVP", $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}"));
        Reinvited(Sdp("RTP/AVP"), headers: "Supported: timer\nSession-Expires: 90;refresher=uas\n");
        bench.Pass(45.1);
        var refresh = bench.SentOne();
        Assert.Equal(("RTP/AVP", 0), (Media(refresh).Protocol, Media(refresh).Crypto.Count));
        bench.Send(Wire.Response(refresh, 200, headers: "Contact: <sip:phone@192.0.2.2>\n", body: Sdp("RTP/AVP")));
        bench.Sent();
        var (_, agreed) = Reinvited(Sdp("RTP/SAVP", $"1 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}"));
        Assert.Equal(local.Crypto[2].Key, agreed!.Srtp!.Local);
    }

    [Fact]
    public void An_UPDATE_changes_keys_as_a_re_INVITE_does()
    {
        Answered(Sdp("RTP/AVP", $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}"));
        bench.Send(Wire.InDialog(invite, "UPDATE", ++cseq, Sdp("RTP/AVP", $"1 AES_CM_128_HMAC_SHA1_80 inline:{KeyB}"), "Contact: <sip:phone@192.0.2.2>\n"));
        Assert.Equal(local.Crypto[2].Key, Media(bench.SentOne()).Crypto[0].Key);
        Assert.Equal(KeyB, bench.Event<MediaChanged>().Agreed!.Srtp!.Remote.ToInline());
    }

    [Fact]
    public void An_offer_of_plain_audio_gets_488_where_encryption_is_required()
    {
        var required = new Bench();
        var ours = Wire.Audio() with { Encryption = MediaEncryption.Required, Crypto = CryptoLine.Generate() };
        required.Agent.Invite(Bench.Attempt(), ours.Offer(), null, required.Now);
        var call = required.SentOne();
        required.Send(Wire.Response(call, 200, "b", "Contact: <sip:phone@192.0.2.2>\n", Sdp("RTP/SAVP", $"3 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}")));
        Assert.NotNull(required.Event<Answered>().Agreed!.Srtp);
        required.Agent.Acknowledge("attempt-1", required.Now);
        required.Sent();
        required.Send(Wire.InDialog(call, "INVITE", 1, Sdp("RTP/AVP")));
        Assert.Equal(["488 INVITE"], required.SentNames());
        Assert.Empty(required.Events());
    }

    [Fact]
    public void An_answer_that_cannot_be_used_is_told_as_such()
    {
        Assert.Null(Answered(Sdp("RTP/SAVP", $"9 AES_CM_128_HMAC_SHA1_80 inline:{KeyA}")));
        var (_, agreed) = Reinvited(null, Sdp("RTP/SAVP"));
        Assert.Null(agreed);
    }
}
