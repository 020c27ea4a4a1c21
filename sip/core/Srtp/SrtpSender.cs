using System.Buffers.Binary;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Srtp;

/// <summary>Protects the one RTP stream that goes to a peer, and the RTCP that goes with it, under our key (RFC 3711 section 3.3). Not safe from
/// several threads.</summary>
public sealed class SrtpSender : IDisposable
{
    /// <summary>RTCP's index has 31 bits (RFC 3711 section 3.4).</summary>
    const uint IndexMask = 0x7FFF_FFFF, EncryptedBit = 0x8000_0000;

    readonly SrtpWorkspace workspace;
    readonly SrtpCipher cipher;
    SrtpCipher? rtcpCipher;
    IndexWindow window;
    uint ssrc;
    uint rtcpIndex;

    /// <summary>The most bytes by which a packet grows.</summary>
    public const int MostGrowth = 20;

    /// <summary>A sender for a key.</summary>
    /// <param name="key">Ours, as we have told it.</param>
    /// <param name="workspace">That of the thread that it is used on.</param>
    /// <param name="before">Who protected the stream before under another key: its index goes on (RFC 3711 section 3.3.1).</param>
    public SrtpSender(SrtpMasterKey key, SrtpWorkspace workspace, SrtpSender? before = null)
    {
        (Key, this.workspace) = (key, workspace);
        cipher = SrtpCipher.Of(key, rtcp: false, workspace);
        if (before is not null) (window, ssrc) = (before.window, before.ssrc);
    }

    /// <summary>The key that it protects with.</summary>
    public SrtpMasterKey Key { get; }

    /// <summary>Protects an RTP packet in place.</summary>
    /// <param name="buffer">The packet with at least <see cref="MostGrowth"/> bytes behind it.</param>
    /// <param name="length">The packet's bytes; afterwards those of the protected one.</param>
    /// <returns>False, and nothing may be sent, for what is no RTP packet, has another SSRC than those before, or a number that was protected
    /// before: two texts under one key stream would betray both, and with GCM the key of the tags (RFC 3711 section 9.1, RFC 7714 section
    /// 13.1).</returns>
    public bool TryProtect(Span<byte> buffer, ref int length)
    {
        if (!RtpPacket.TryReadHeaderLength(buffer[..length], out var clear) || length + cipher.TagLength > buffer.Length) return false;
        var source = BinaryPrimitives.ReadUInt32BigEndian(buffer[8..]);
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(buffer[2..]);
        ulong index = sequence;
        if (window.IsStarted && (source != ssrc || !window.TryEstimate(sequence, out index) || !window.IsNew(index))) return false;
        ssrc = source;
        window.Add(index);
        cipher.Seal(buffer[..length], new(clear, source, index, (uint)(index >> 16)), buffer.Slice(length, cipher.TagLength));
        length += cipher.TagLength;
        return true;
    }

    /// <summary>Protects a compound RTCP packet in place; as <see cref="TryProtect"/> (RFC 3711 section 3.4).</summary>
    public bool TryProtectRtcp(Span<byte> buffer, ref int length)
    {
        rtcpCipher ??= SrtpCipher.Of(Key, rtcp: true, workspace);
        var grown = length + sizeof(uint) + rtcpCipher.TagLength;
        if (length < RtcpLayout.HeaderLength || grown > buffer.Length || rtcpIndex == IndexMask) return false;
        var index = ++rtcpIndex;
        var layout = new RtcpLayout(length, rtcpCipher, mkiLength: 0);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[layout.Word..], index | EncryptedBit);
        var source = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);
        rtcpCipher.Seal(
            buffer[..length], new(RtcpLayout.HeaderLength, source, index, index | EncryptedBit), buffer.Slice(layout.Tag, rtcpCipher.TagLength));
        length = grown;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cipher.Dispose();
        rtcpCipher?.Dispose();
    }
}
