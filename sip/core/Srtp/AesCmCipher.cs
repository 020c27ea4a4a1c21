using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansCallback.Sip.Srtp;

/// <summary>AES in counter mode with HMAC-SHA1 (RFC 3711 sections 4.1.1 and 4.2.1).</summary>
sealed class AesCmCipher : SrtpCipher
{
    readonly CounterKeystream keystream;
    readonly SrtpWorkspace workspace;
    readonly UInt128 salt;
    readonly HMACSHA1 hmac;

    public AesCmCipher(in SessionKeys keys, int tagLength, SrtpWorkspace workspace)
    {
        keystream = new CounterKeystream(keys.Encryption, workspace);
        this.workspace = workspace;
#pragma warning disable CA5350 // The one that RFC 3711 section 4.2.1 defines; a forger has no use for collisions.
        hmac = new HMACSHA1(keys.Authentication);
#pragma warning restore CA5350
        Span<byte> block = stackalloc byte[16];
        block.Clear();
        keys.Salt.CopyTo(block);
        salt = BinaryPrimitives.ReadUInt128BigEndian(block);
        TagLength = tagLength;
    }

    public override int TagLength { get; }

    public override bool TagIsFirst => false;

    public override void Seal(Span<byte> packet, in PacketPlace place, Span<byte> tag)
    {
        keystream.Apply(packet[place.Clear..], FirstBlock(place));
        Span<byte> whole = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Authenticate(packet, place.Word, whole);
        whole[..TagLength].CopyTo(tag);
    }

    public override bool TryOpen(Span<byte> packet, in PacketPlace place, ReadOnlySpan<byte> tag)
    {
        Span<byte> whole = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Authenticate(packet, place.Word, whole);
        if (!CryptographicOperations.FixedTimeEquals(whole[..TagLength], tag)) return false;
        keystream.Apply(packet[place.Clear..], FirstBlock(place));
        return true;
    }

    public override void Dispose()
    {
        keystream.Dispose();
        hmac.Dispose();
    }

    /// <summary>IV = (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16).</summary>
    UInt128 FirstBlock(in PacketPlace place) => salt ^ ((UInt128)place.Ssrc << 64) ^ ((UInt128)place.Index << 16);

    void Authenticate(ReadOnlySpan<byte> packet, uint word, Span<byte> whole)
    {
        var text = workspace.Text.AsSpan(0, packet.Length + sizeof(uint));
        packet.CopyTo(text);
        BinaryPrimitives.WriteUInt32BigEndian(text[packet.Length..], word);
        hmac.TryComputeHash(text, whole, out _);
    }
}
