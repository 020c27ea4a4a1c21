namespace OrleansCallback.Sip.Srtp;

/// <summary>One suite under one set of session keys: RTP or RTCP of one direction. Knows nothing of the order of packets.</summary>
abstract class SrtpCipher : IDisposable
{
    /// <summary>Bytes of a tag.</summary>
    public abstract int TagLength { get; }

    /// <summary>Whether the tag is part of the cipher text, so that it stands before a master key identifier and RTCP's index word (RFC 7714
    /// sections 8 and 9), not behind them.</summary>
    public abstract bool TagIsFirst { get; }

    /// <summary>The cipher of a master key.</summary>
    public static SrtpCipher Of(SrtpMasterKey key, bool rtcp, SrtpWorkspace workspace)
    {
        var keys = SessionKeys.Derive(key, rtcp);
        return key.Suite.IsAead() ? new AesGcmCipher(keys, rtcp, workspace) : new AesCmCipher(keys, key.Suite.TagLength(rtcp), workspace);
    }

    /// <summary>Encrypts a packet in place and computes its tag.</summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="place">Which packet it is, and what of it stays readable.</param>
    /// <param name="tag">Where the tag goes: <see cref="TagLength"/> bytes outside the packet.</param>
    public abstract void Seal(Span<byte> packet, in PacketPlace place, Span<byte> tag);

    /// <summary>Checks a packet's tag and decrypts it in place; false, and nothing is changed, if the tag is wrong.</summary>
    public abstract bool TryOpen(Span<byte> packet, in PacketPlace place, ReadOnlySpan<byte> tag);

    public abstract void Dispose();
}

/// <summary>Which packet of which source one is.</summary>
/// <param name="Clear">Bytes at the front that are not encrypted.</param>
/// <param name="Ssrc">Its SSRC.</param>
/// <param name="Index">RTP: 48 bits of rollover counter and sequence number. RTCP: 31 bits of its own counter.</param>
/// <param name="Word">What is authenticated after the packet: RTP's rollover counter, which is not sent; RTCP's index with its E bit.</param>
readonly record struct PacketPlace(int Clear, uint Ssrc, ulong Index, uint Word);
