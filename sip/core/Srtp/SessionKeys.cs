using System.Security.Cryptography;

namespace OrleansCallback.Sip.Srtp;

/// <summary>The keys that packets are protected with (RFC 3711 section 4.3; section 11 of RFC 7714 for GCM), derived once: a key derivation
/// rate is refused where keys are agreed.</summary>
/// <param name="Encryption">k_e.</param>
/// <param name="Authentication">k_a; unused by GCM.</param>
/// <param name="Salt">k_s.</param>
readonly record struct SessionKeys(byte[] Encryption, byte[] Authentication, byte[] Salt)
{
    /// <summary>HMAC-SHA1's key (RFC 3711 section 5.2).</summary>
    const int AuthenticationLength = 20;

    public static SessionKeys Derive(SrtpMasterKey master, bool rtcp)
    {
        using var aes = Aes.Create();
        aes.SetKey(master.Key);
        var first = rtcp ? 3 : 0;
        return new SessionKeys(
            Derive(aes, master.Salt, first, master.Suite.KeyLength()),
            Derive(aes, master.Salt, first + 1, AuthenticationLength),
            Derive(aes, master.Salt, first + 2, master.Suite.SaltLength()));
    }

    /// <summary>The pseudo-random function: AES in counter mode from the salt with the label in its eighth byte (RFC 3711 sections 4.3.1 and
    /// 4.3.3). GCM's salt of 96 bits is followed by zeros.</summary>
    internal static byte[] Derive(Aes aes, ReadOnlySpan<byte> salt, int label, int length)
    {
        Span<byte> blocks = stackalloc byte[(length + 15) / 16 * 16];
        blocks.Clear();
        for (var i = 0; i < blocks.Length; i += 16)
        {
            salt.CopyTo(blocks[i..]);
            blocks[i + 7] ^= (byte)label;
            blocks[i + 15] = (byte)(i / 16);
        }
        aes.EncryptEcb(blocks, blocks, PaddingMode.None);
        return blocks[..length].ToArray();
    }
}
