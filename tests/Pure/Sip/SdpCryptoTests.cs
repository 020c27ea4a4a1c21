using OrleansCallback.Sip;
using OrleansCallback.Sip.Srtp;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>Keys in offers and answers (RFC 4568), also where encryption is only preferred (RFC 8643).</summary>
public sealed class SdpCryptoTests
{
    const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"; // 30 bytes
    const string LongKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis="; // 44 bytes
    const string Strong = $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}";

    static LocalAudio Local(MediaEncryption encryption, int port = 3000) =>
        Wire.Audio(port) with { Encryption = encryption, Crypto = encryption == MediaEncryption.Off ? [] : CryptoLine.Generate() };

    static byte[] Sdp(string protocol, params string[] crypto) => Wire.Bytes(
        $"v=0\no=- 9 4 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\nm=audio 4000 {protocol} 0 8\n{string.Concat(crypto.Select(line => $"a=crypto:{line}\n"))}");

    static MediaDescription Read(byte[] sdp)
    {
        Assert.True(SessionDescription.TryParse(sdp, out var description));
        return description.Media[0];
    }

    [Theory]
    [InlineData(Strong, "1 AES_CM_128_HMAC_SHA1_80")]
    [InlineData($"999999999 aes_cm_128_hmac_sha1_32 INLINE:{Key}|2^20|1:4 WSH=1024 -FUTURE=1", "999999999 AES_CM_128_HMAC_SHA1_32")]
    [InlineData($"2 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2:128 KDR=0", "2 AES_CM_128_HMAC_SHA1_80")]
    [InlineData($"2 AES_CM_128_HMAC_SHA1_80 inline:{Key}|281474976710656", "2 AES_CM_128_HMAC_SHA1_80")]
    [InlineData($"3 AEAD_AES_256_GCM inline:{LongKey}", "3 AEAD_AES_256_GCM")]
    [InlineData("4 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw", "4 AEAD_AES_128_GCM")] // padding left out
    [InlineData($"1 AES_256_CM_HMAC_SHA1_80 inline:{LongKey}", null)]
    [InlineData($"1 AEAD_AES_256_GCM inline:{Key}", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}x", null)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:*", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 uri:{Key}", null)]
    [InlineData($"0123456789 AES_CM_128_HMAC_SHA1_80 inline:{Key}", null)]
    [InlineData($"-1 AES_CM_128_HMAC_SHA1_80 inline:{Key}", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^49", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|0", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20|1:129", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20|256:1", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|1:4|2^20", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20|1:4;inline:{Key}|2^20|2:4", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} UNENCRYPTED_SRTP", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} UNENCRYPTED_SRTCP", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} UNAUTHENTICATED_SRTP", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} KDR=1", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} FEC_ORDER=FEC_SRTP", null)]
    [InlineData($"1 AES_CM_128_HMAC_SHA1_80 inline:{Key} FUTURE=1", null)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80", null)]
    [InlineData("", null)]
    public void A_line_is_read_or_as_if_it_were_not_there(string line, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], Read(Sdp("RTP/SAVP", line)).Crypto.Select(crypto => $"{crypto.Tag} {crypto.Key}"));

    [Fact]
    public void A_master_key_identifier_is_a_number_of_so_many_bytes()
    {
        var crypto = Read(Sdp("RTP/SAVP", $"1 AES_CM_128_HMAC_SHA1_80 inline:{Key}|2^20|258:4")).Crypto[0];
        Assert.Equal([0, 0, 1, 2], crypto.Key.Mki.ToArray());
        Assert.Equal(Key, crypto.Key.ToInline());
    }

    [Theory]
    [InlineData(MediaEncryption.Off, "RTP/AVP", 0)]
    [InlineData(MediaEncryption.Preferred, "RTP/AVP", 4)]
    [InlineData(MediaEncryption.Required, "RTP/SAVP", 4)]
    public void Our_offer_says_what_is_wanted_and_is_read_back(MediaEncryption encryption, string protocol, int lines)
    {
        var local = Local(encryption);
        var media = Read(local.Offer());
        Assert.Equal((protocol, lines), (media.Protocol, media.Crypto.Count));
        Assert.Equal(local.Crypto, media.Crypto);
        Assert.True(OfferAnswer.TryReadLocal(local.Offer(), out var read));
        Assert.Equal(encryption, read.Encryption);
        Assert.Equal(local.Crypto, read.Crypto);
        Assert.Equal(local.Offer(), read.Offer());
        Assert.Equal(lines, local.Crypto.Select(crypto => crypto.Key.ToInline()).Distinct().Count());
    }

    [Theory]
    [InlineData(MediaEncryption.Off, MediaEncryption.Off, "RTP/AVP")]
    [InlineData(MediaEncryption.Off, MediaEncryption.Preferred, "RTP/AVP")]
    [InlineData(MediaEncryption.Off, MediaEncryption.Required, null)]
    [InlineData(MediaEncryption.Preferred, MediaEncryption.Off, "RTP/AVP")]
    [InlineData(MediaEncryption.Preferred, MediaEncryption.Preferred, "RTP/AVP srtp")]
    [InlineData(MediaEncryption.Preferred, MediaEncryption.Required, "RTP/AVP srtp")]
    [InlineData(MediaEncryption.Required, MediaEncryption.Off, null)]
    [InlineData(MediaEncryption.Required, MediaEncryption.Preferred, "RTP/SAVP srtp")]
    [InlineData(MediaEncryption.Required, MediaEncryption.Required, "RTP/SAVP srtp")]
    public void Two_sides_agree_as_their_wishes_allow(MediaEncryption caller, MediaEncryption callee, string? expected)
    {
        var (offered, offer) = (Local(caller), Local(callee, 4000));
        var result = OfferAnswer.Answer(offered.Offer(), offer, out var answer, out var atCallee);
        Assert.Equal(expected is null ? SdpResult.NoEncryption : SdpResult.Agreed, result);
        if (expected is null) return;
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Accept(offered, answer, out var atCaller));
        Assert.Equal(expected, $"{atCaller.Protocol}{(atCaller.Srtp is null ? "" : " srtp")}");
        Assert.Equal(atCallee.Srtp?.Local, atCaller.Srtp?.Remote);
        Assert.Equal(atCallee.Srtp?.Remote, atCaller.Srtp?.Local);
        Assert.Equal(atCallee.Srtp is null ? 0 : 1, Read(answer).Crypto.Count);
    }

    [Fact]
    public void The_answer_names_the_offers_tag_and_has_our_key_for_that_suite()
    {
        var local = Local(MediaEncryption.Preferred);
        var offer = Sdp("RTP/SAVPF", $"5 AES_256_CM_HMAC_SHA1_80 inline:{LongKey}", $"7 AES_CM_128_HMAC_SHA1_32 inline:{Key}", $"8 AEAD_AES_256_GCM inline:{LongKey}");
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Answer(offer, local, out var answer, out var agreed));
        var ours = Assert.Single(Read(answer).Crypto);
        Assert.Equal((7, SrtpSuite.AesCm128HmacSha1Tag32, "RTP/SAVPF"), (ours.Tag, ours.Key.Suite, Read(answer).Protocol));
        Assert.Equal(ours.Key, agreed.Srtp!.Local);
        Assert.Equal(Key, agreed.Srtp.Remote.ToInline());
    }

    [Theory]
    [InlineData("RTP/SAVP", "3 AES_CM_128_HMAC_SHA1_80", true)]
    [InlineData("RTP/AVP", "3 AES_CM_128_HMAC_SHA1_80", true)]
    [InlineData("RTP/SAVP", "1 AES_CM_128_HMAC_SHA1_80", false)] // our tag 1 has another suite
    [InlineData("RTP/SAVP", "9 AES_CM_128_HMAC_SHA1_80", false)]
    [InlineData("RTP/SAVP", null, false)]
    [InlineData("RTP/AVP", null, false)]
    public void An_answer_counts_by_its_tag_and_nothing_is_plain_where_encryption_is_required(string protocol, string? line, bool agrees)
    {
        var answer = line is null ? Sdp(protocol) : Sdp(protocol, $"{line} inline:{Key}");
        var local = Local(MediaEncryption.Required);
        Assert.Equal(agrees ? SdpResult.Agreed : SdpResult.NoEncryption, OfferAnswer.Accept(local, answer, out var agreed));
        if (agrees) Assert.Equal(local.Crypto[2].Key, agreed.Srtp!.Local);
    }

    [Theory]
    [InlineData(MediaEncryption.Off, "4002", "RTP/AVP")]
    [InlineData(MediaEncryption.Preferred, "4004", "RTP/SAVP")]
    [InlineData(MediaEncryption.Required, "4004", "RTP/SAVP")]
    public void Of_a_plain_and_an_encrypted_stream_the_encrypted_one_is_taken_where_it_may_be(MediaEncryption encryption, string port, string protocol)
    {
        byte[] offer = [.. Sdp("RTP/AVP 18\r\nm=audio 4002 RTP/AVP"), .. Wire.Bytes($"m=audio 4004 RTP/SAVP 0\na=crypto:{Strong}\n")];
        Assert.Equal(SdpResult.Agreed, OfferAnswer.Answer(offer, Local(encryption), out _, out var agreed));
        Assert.Equal((port, protocol), ($"{agreed.Remote.Port}", agreed.Protocol));
    }

    [Theory]
    [InlineData($"v=0\r\na=crypto:{Strong}\r\na=sendrecv\r\n", "v=0\r\na=sendrecv\r\n")]
    [InlineData($"v=0\na= CRYPTO:{Strong}\nk=base64:{Key}\nm=audio 1 RTP/SAVP 0", "v=0\nm=audio 1 RTP/SAVP 0")]
    [InlineData("v=0\r\ns=-\r\n", "v=0\r\ns=-\r\n")]
    [InlineData("", "")]
    public void A_description_can_be_shown_without_its_keys(string sdp, string expected) => Assert.Equal(expected, CryptoLine.WithoutKeys(sdp));
}
