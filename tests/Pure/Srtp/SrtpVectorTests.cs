using System.Security.Cryptography;
using OrleansCallback.Sip.Srtp;
using Xunit;

namespace OrleansCallback.Tests.Srtp;

/// <summary>What the RFCs print, and packets that libSRTP checks itself with.</summary>
public sealed class SrtpVectorTests
{
    const string Quid = "517569642070726f2071756f"; // "Quid pro quo"
    const string Key128 = "000102030405060708090a0b0c0d0e0f";
    const string Key256 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const string Gallia = "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
    const string Report = "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    readonly SrtpWorkspace workspace = new();

    [Theory] // RFC 3711 appendix B.2
    [InlineData(0x0000, "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0")]
    [InlineData(0xfeff, "ec8cdf7398607cb0f2d21675ea9ea1e4362b7c3c6773516318a077d7fc5073ae6a2cc3787889374fbeb4c81b17ba6c44")]
    public void The_key_stream_is_that_of_RFC_3711(int from, string expected)
    {
        using var keystream = new CounterKeystream(Bytes("2b7e151628aed2a6abf7158809cf4f3c"), workspace);
        var text = new byte[48];
        keystream.Apply(text, UInt128.Parse("f0f1f2f3f4f5f6f7f8f9fafbfcfd0000", System.Globalization.NumberStyles.HexNumber, null) + (UInt128)from);
        Assert.Equal(expected, Hex(text));
    }

    [Theory]
    [InlineData("e1f97a0d3e018be0d64fa32c06de4139", "0ec675ad498afeebb6960b3aabe6", 0, "c61e7a93744f39ee10734afe3ff7a087")] // RFC 3711 appendix B.3
    [InlineData("e1f97a0d3e018be0d64fa32c06de4139", "0ec675ad498afeebb6960b3aabe6", 2, "30cbbc08863d8c85d49db34a9ae1")]
    [InlineData("e1f97a0d3e018be0d64fa32c06de4139", "0ec675ad498afeebb6960b3aabe6", 1,
        "cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbcee049646c43d9327ad175578ef7227098"
        + "6371c10c9a369ac2f94a8c5fbcdddc256d6e919a48b610ef17c2041e474035766b68642c59bbfc2f34db60dbdfb2")]
    [InlineData("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6", "3b04803de51ee7c96423ab5b78d2", 0, // RFC 6188 section 7.2
        "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4")]
    [InlineData("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6", "3b04803de51ee7c96423ab5b78d2", 2, "fa31791685ca444a9e07c6c64e93")]
    [InlineData("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6", "3b04803de51ee7c96423ab5b78d2", 1, "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05")]
    public void Session_keys_are_those_of_the_RFCs(string key, string salt, int label, string expected)
    {
        using var aes = Aes.Create();
        aes.SetKey(Bytes(key));
        Assert.Equal(expected, Hex(SessionKeys.Derive(aes, Bytes(salt), label, expected.Length / 2)));
    }

    [Theory] // sections 16.1.1 and 16.2.1
    [InlineData(Key128, "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce")]
    [InlineData(Key256, "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13")]
    public void RTP_under_GCM_is_that_of_RFC_7714(string key, string expected) => SealsAndOpens(key, rtcp: false, Gallia, new(12, 0x5501a0b2, 0xf17b, 0), expected);

    [Theory] // sections 17.1 to 17.4; the index word, which is no part of the cipher text, is left out at the end
    [InlineData(Key128, 8, 0x8000_05d4,
        "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade")]
    [InlineData(Key256, 8, 0x8000_05d4,
        "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be")]
    [InlineData(Key128, 52, 0x0000_05d4,
        "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef841dd9683dd78ec92ae58790125f62b3")]
    public void RTCP_under_GCM_is_that_of_RFC_7714(string key, int clear, uint word, string expected) =>
        SealsAndOpens(key, rtcp: true, Report, new(clear, 0x4d617273, 0x5d4, word), expected);

    [Theory] // test/srtp_driver.c of libSRTP
    [InlineData("AES_CM_128_HMAC_SHA1_80", "e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6",
        "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb", "81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798")]
    [InlineData("AES_CM_128_HMAC_SHA1_32", "e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6", // the same with the short tag
        "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc", "81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798")]
    [InlineData("AEAD_AES_128_GCM", "000102030405060708090a0b0c0d0e0fa0a1a2a3a4a5a6a7a8a9aaab",
        "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392",
        "81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001")]
    public void Packets_are_those_of_libSRTP(string suite, string keyAndSalt, string rtp, string rtcp)
    {
        var key = new SrtpMasterKey(SrtpSuites.Parse(suite)!.Value, Bytes(keyAndSalt));
        using var sender = new SrtpSender(key, workspace);
        using var receiver = new SrtpReceiver(key, workspace);
        var plain = Bytes("800f1234decafbadcafebabe" + "abababababababababababababababab");
        var packet = new byte[64];
        plain.CopyTo(packet, 0);
        var length = plain.Length;
        Assert.True(sender.TryProtect(packet, ref length));
        Assert.Equal(rtp, Hex(packet.AsSpan(0, length)));
        Assert.Equal(SrtpResult.Accepted, receiver.Unprotect(packet.AsSpan(0, length), out length));
        Assert.Equal(plain, packet[..length]);

        plain = Bytes("81c8000bcafebabe" + "abababababababababababababababab");
        plain.CopyTo(packet, 0);
        length = plain.Length;
        Assert.True(sender.TryProtectRtcp(packet, ref length));
        Assert.Equal(rtcp, Hex(packet.AsSpan(0, length)));
        Assert.Equal(SrtpResult.Accepted, receiver.UnprotectRtcp(packet.AsSpan(0, length), out length));
        Assert.Equal(plain, packet[..length]);
    }

    void SealsAndOpens(string key, bool rtcp, string plain, PacketPlace place, string expected)
    {
        using var cipher = new AesGcmCipher(new(Bytes(key), [], Bytes(Quid)), rtcp, workspace);
        var packet = Bytes(plain);
        var tag = new byte[cipher.TagLength];
        cipher.Seal(packet, place, tag);
        Assert.Equal(expected, Hex(packet) + Hex(tag));
        Assert.True(cipher.TryOpen(packet, place, tag));
        Assert.Equal(plain, Hex(packet));
    }

    static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
