using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>Tags, branches and client nonces: unguessable without the seed, and repeatable with it.</summary>
sealed class TokenSource
{
    readonly byte[] block = new byte[24];
    long count;

    public TokenSource(long? seed)
    {
        if (seed is { } known) BinaryPrimitives.WriteInt64LittleEndian(block, known);
        else RandomNumberGenerator.Fill(block.AsSpan(0, 16));
    }

    /// <summary>16 hexadecimal digits.</summary>
    public string Next() => Convert.ToHexStringLower(Hash(count++, [])[..8]);

    /// <summary>A branch for a request that nobody else has to be able to name.</summary>
    public string Branch() => Via.MagicCookie + Next();

    /// <summary>A number below <paramref name="bound"/>.</summary>
    public int Number(int bound) => (int)(BinaryPrimitives.ReadUInt32LittleEndian(Hash(count++, [])) % (uint)bound);

    /// <summary>The same token for the same text: what a stateless server needs (RFC 3261 section 8.2.7).</summary>
    public string For(string text) => Convert.ToHexStringLower(Hash(-1, Encoding.UTF8.GetBytes(text))[..8]);

    byte[] Hash(long number, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(16), number);
        return SHA256.HashData([.. block, .. text]);
    }
}
