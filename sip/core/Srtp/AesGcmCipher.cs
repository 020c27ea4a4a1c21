using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansCallback.Sip.Srtp;

/// <summary>AES-GCM (RFC 7714).</summary>
/// <remarks>The framework's way to decrypt throws where a tag is wrong, and whoever can send packets could make it throw as often as he likes.
/// So a packet is decrypted as what it is, counter mode from block 2 on (NIST SP 800-38D section 7.1), and encrypted again: the tag of that
/// has to be the packet's.</remarks>
sealed class AesGcmCipher : SrtpCipher
{
    const int NonceLength = 12;

    readonly AesGcm gcm;
    readonly CounterKeystream keystream;
    readonly SrtpWorkspace workspace;
    readonly bool rtcp;
    readonly byte[] salt;

    public AesGcmCipher(in SessionKeys keys, bool rtcp, SrtpWorkspace workspace)
    {
        gcm = new AesGcm(keys.Encryption, TagLength);
        keystream = new CounterKeystream(keys.Encryption, workspace);
        (this.rtcp, this.workspace, salt) = (rtcp, workspace, keys.Salt);
    }

    public override int TagLength => 16;

    public override bool TagIsFirst => true;

    public override void Seal(Span<byte> packet, in PacketPlace place, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(place, nonce);
        var text = packet[place.Clear..];
        gcm.Encrypt(nonce, text, text, tag, Associated(packet, place));
    }

    public override bool TryOpen(Span<byte> packet, in PacketPlace place, ReadOnlySpan<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceLength + sizeof(uint)];
        WriteNonce(place, nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[NonceLength..], 2);
        var text = packet[place.Clear..];
        var first = BinaryPrimitives.ReadUInt128BigEndian(nonce);
        keystream.Apply(text, first);
        Span<byte> right = stackalloc byte[TagLength];
        gcm.Encrypt(nonce[..NonceLength], text, workspace.Blocks.AsSpan(0, text.Length), right, Associated(packet, place));
        if (CryptographicOperations.FixedTimeEquals(right, tag)) return true;
        keystream.Apply(text, first);
        return false;
    }

    public override void Dispose()
    {
        gcm.Dispose();
        keystream.Dispose();
    }

    /// <summary>Sections 8.1 and 9.1: two zero bytes, SSRC and index, laid over the salt.</summary>
    void WriteNonce(in PacketPlace place, Span<byte> nonce)
    {
        nonce[0] = nonce[1] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], place.Ssrc);
        BinaryPrimitives.WriteUInt16BigEndian(nonce[6..], (ushort)(place.Index >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], (uint)place.Index);
        for (var i = 0; i < NonceLength; i++) nonce[i] ^= salt[i];
    }

    /// <summary>What is authenticated and not encrypted: RTP's header; what of RTCP is readable, then its index word (section 9.2).</summary>
    ReadOnlySpan<byte> Associated(ReadOnlySpan<byte> packet, in PacketPlace place)
    {
        if (!rtcp) return packet[..place.Clear];
        var text = workspace.Text.AsSpan(0, place.Clear + sizeof(uint));
        packet[..place.Clear].CopyTo(text);
        BinaryPrimitives.WriteUInt32BigEndian(text[place.Clear..], place.Word);
        return text;
    }
}
