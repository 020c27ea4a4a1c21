namespace OrleansCallback.Sip.Srtp;

/// <summary>A crypto-suite: a cipher with a way to authenticate (RFC 4568 section 6.2, RFC 7714 section 14.2).</summary>
public enum SrtpSuite
{
    /// <summary>AES_CM_128_HMAC_SHA1_80: AES in counter mode, tags of 80 bits. Every implementation has it.</summary>
    AesCm128HmacSha1Tag80,
    /// <summary>AES_CM_128_HMAC_SHA1_32: the same with tags of 32 bits on RTP; those on RTCP have 80.</summary>
    AesCm128HmacSha1Tag32,
    /// <summary>AEAD_AES_128_GCM: tags of 128 bits.</summary>
    AeadAes128Gcm,
    /// <summary>AEAD_AES_256_GCM: tags of 128 bits.</summary>
    AeadAes256Gcm,
}

/// <summary>The numbers of each suite.</summary>
public static class SrtpSuites
{
    /// <summary>All suites, the strongest first; among equals the one that more implementations have.</summary>
    public static IReadOnlyList<SrtpSuite> ByStrength { get; } =
        [SrtpSuite.AeadAes256Gcm, SrtpSuite.AeadAes128Gcm, SrtpSuite.AesCm128HmacSha1Tag80, SrtpSuite.AesCm128HmacSha1Tag32];

    /// <summary>The suite's name in a=crypto.</summary>
    public static string Name(this SrtpSuite suite) => suite switch
    {
        SrtpSuite.AesCm128HmacSha1Tag80 => "AES_CM_128_HMAC_SHA1_80",
        SrtpSuite.AesCm128HmacSha1Tag32 => "AES_CM_128_HMAC_SHA1_32",
        SrtpSuite.AeadAes128Gcm => "AEAD_AES_128_GCM",
        _ => "AEAD_AES_256_GCM",
    };

    /// <summary>The suite of a name, in any case of letters (RFC 4568 section 9.2 compares ABNF strings); null for one that is not known.</summary>
    internal static SrtpSuite? Parse(string name)
    {
        foreach (var suite in ByStrength)
            if (name.Equals(suite.Name(), StringComparison.OrdinalIgnoreCase)) return suite;
        return null;
    }

    internal static bool IsAead(this SrtpSuite suite) => suite is SrtpSuite.AeadAes128Gcm or SrtpSuite.AeadAes256Gcm;

    /// <summary>Bytes of the master key and of each session key.</summary>
    internal static int KeyLength(this SrtpSuite suite) => suite == SrtpSuite.AeadAes256Gcm ? 32 : 16;

    /// <summary>Bytes of the master salt and of each session salt.</summary>
    internal static int SaltLength(this SrtpSuite suite) => suite.IsAead() ? 12 : 14;

    /// <summary>Bytes of a tag; RTCP's is never short (RFC 4568 section 6.2.2).</summary>
    internal static int TagLength(this SrtpSuite suite, bool rtcp) =>
        suite.IsAead() ? 16 : suite == SrtpSuite.AesCm128HmacSha1Tag32 && !rtcp ? 4 : 10;
}
