using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OrleansCallback.Sip.Srtp;

/// <summary>AES in counter mode, which the framework does not have: counter blocks are encrypted one by one (ECB), all of a packet in one call,
/// and laid over the text.</summary>
sealed class CounterKeystream : IDisposable
{
    const int Block = 16;

    readonly SrtpWorkspace workspace;
    readonly Aes aes = Aes.Create();
    readonly ICryptoTransform encryptor;

    public CounterKeystream(ReadOnlySpan<byte> key, SrtpWorkspace workspace)
    {
        this.workspace = workspace;
        aes.SetKey(key);
        (aes.Mode, aes.Padding) = (CipherMode.ECB, PaddingMode.None);
        encryptor = aes.CreateEncryptor();
    }

    /// <summary>Encrypts or decrypts, which is the same.</summary>
    /// <param name="text">Is changed in place.</param>
    /// <param name="first">The first counter block; the next ones follow by one.</param>
    public void Apply(Span<byte> text, UInt128 first)
    {
        if (text.IsEmpty) return;
        var blocks = workspace.Blocks;
        var length = (text.Length + Block - 1) / Block * Block;
        for (var i = 0; i < length; i += Block, first++) BinaryPrimitives.WriteUInt128BigEndian(blocks.AsSpan(i), first);
        encryptor.TransformBlock(blocks, 0, length, blocks, 0);
        Xor(text, blocks);
    }

    public void Dispose()
    {
        encryptor.Dispose();
        aes.Dispose();
    }

    static void Xor(Span<byte> text, ReadOnlySpan<byte> keystream)
    {
        var wide = MemoryMarshal.Cast<byte, ulong>(text);
        var wideKeystream = MemoryMarshal.Cast<byte, ulong>(keystream);
        for (var i = 0; i < wide.Length; i++) wide[i] ^= wideKeystream[i];
        for (var i = wide.Length * sizeof(ulong); i < text.Length; i++) text[i] ^= keystream[i];
    }
}
