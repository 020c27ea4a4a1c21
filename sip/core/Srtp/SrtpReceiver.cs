using System.Buffers.Binary;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Srtp;

/// <summary>Checks and decrypts what a peer sends under its key (RFC 3711 section 3.3), whatever SSRCs it uses one after another. Not safe from
/// several threads.</summary>
public sealed class SrtpReceiver : IDisposable
{
    /// <summary>SSRCs that are kept for a key. None is forgotten while the key is in use: what it has sent could be replayed then.</summary>
    public const int MostSources = 64;

    readonly SrtpWorkspace workspace;
    readonly SrtpCipher cipher;
    readonly (uint Ssrc, ulong Highest)[] before;
    SrtpCipher? rtcpCipher;
    Source[] sources = new Source[1];
    int count;

    /// <summary>A receiver for a key.</summary>
    /// <param name="key">The peer's, as it has told it.</param>
    /// <param name="workspace">That of the thread that it is used on.</param>
    /// <param name="before">Who received under the peer's key before, if it has changed; nothing of it is needed after this.</param>
    public SrtpReceiver(SrtpMasterKey key, SrtpWorkspace workspace, SrtpReceiver? before = null)
    {
        (Key, this.workspace) = (key, workspace);
        cipher = SrtpCipher.Of(key, rtcp: false, workspace);
        this.before = before is null ? [] : [.. before.sources.Take(before.count).Select(source => (source.Ssrc, source.Rtp.Highest))];
    }

    /// <summary>The key that packets have to be under.</summary>
    public SrtpMasterKey Key { get; }

    /// <summary>Checks an RTP packet and decrypts it in place.</summary>
    /// <param name="packet">The packet as received; left as it is unless it is accepted.</param>
    /// <param name="length">Set to the bytes of the RTP packet within.</param>
    public SrtpResult Unprotect(Span<byte> packet, out int length)
    {
        length = packet.Length - cipher.TagLength - Key.Mki.Length;
        if (length < RtpHeader.Size || packet.Length > SrtpWorkspace.LongestPacket) return SrtpResult.Unauthentic;
        var (tag, mki) = cipher.TagIsFirst ? (length, length + cipher.TagLength) : (length + Key.Mki.Length, length);
        if (!RtpPacket.TryReadHeaderLength(packet[..length], out var clear) || !packet.Slice(mki, Key.Mki.Length).SequenceEqual(Key.Mki))
            return SrtpResult.Unauthentic;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        var place = Find(ssrc);
        if (place < 0 && count == MostSources) return SrtpResult.TooManySources;

        ulong index;
        if (place < 0 || !sources[place].Rtp.IsStarted)
        {
            if (!TryOpenFirst(packet[..length], clear, ssrc, sequence, packet.Slice(tag, cipher.TagLength), out index)) return SrtpResult.Unauthentic;
            if (place < 0) place = Add(ssrc);
        }
        else
        {
            if (!sources[place].Rtp.TryEstimate(sequence, out index) || !sources[place].Rtp.IsNew(index)) return SrtpResult.Replayed;
            if (!TryOpen(packet[..length], clear, ssrc, index, packet.Slice(tag, cipher.TagLength))) return SrtpResult.Unauthentic;
        }
        sources[place].Rtp.Add(index);
        return SrtpResult.Accepted;
    }

    /// <summary>Checks a compound RTCP packet and decrypts it in place; as <see cref="Unprotect"/> (RFC 3711 section 3.4).</summary>
    public SrtpResult UnprotectRtcp(Span<byte> packet, out int length)
    {
        rtcpCipher ??= SrtpCipher.Of(Key, rtcp: true, workspace);
        length = packet.Length - sizeof(uint) - rtcpCipher.TagLength - Key.Mki.Length;
        if (length < RtcpLayout.HeaderLength || packet.Length > SrtpWorkspace.LongestPacket) return SrtpResult.Unauthentic;
        var layout = new RtcpLayout(length, rtcpCipher, Key.Mki.Length);
        if (!packet.Slice(layout.Mki, Key.Mki.Length).SequenceEqual(Key.Mki)) return SrtpResult.Unauthentic;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var word = BinaryPrimitives.ReadUInt32BigEndian(packet[layout.Word..]);
        var (isEncrypted, index) = ((word & 0x8000_0000) != 0, word & 0x7FFF_FFFF);
        var place = Find(ssrc);
        if (place < 0 && count == MostSources) return SrtpResult.TooManySources;
        if (place >= 0 && !sources[place].Rtcp.IsNew(index)) return SrtpResult.Replayed;
        var clear = isEncrypted ? RtcpLayout.HeaderLength : length;
        if (!rtcpCipher.TryOpen(packet[..length], new(clear, ssrc, index, word), packet.Slice(layout.Tag, rtcpCipher.TagLength)))
            return SrtpResult.Unauthentic;
        if (place < 0) place = Add(ssrc);
        sources[place].Rtcp.Add(index);
        return SrtpResult.Accepted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cipher.Dispose();
        rtcpCipher?.Dispose();
    }

    /// <summary>The first packet of a source says nothing of how often its numbers have wrapped. Not at all, or once where the wrap fell into
    /// what came before we knew the key. Under a new key for the same source the count goes on (RFC 3711 section 3.3.1), while many begin
    /// anew, as RFC 4568 section 7.1.4 wants it after a change of address: the tag tells which.</summary>
    bool TryOpenFirst(Span<byte> packet, int clear, uint ssrc, ushort sequence, ReadOnlySpan<byte> tag, out ulong index)
    {
        index = sequence;
        if (TryOpen(packet, clear, ssrc, index, tag)) return true;
        index += 1 << 16;
        if (TryOpen(packet, clear, ssrc, index, tag)) return true;
        foreach (var (source, highest) in before)
        {
            var window = new IndexWindow();
            window.Add(highest);
            if (source == ssrc && window.TryEstimate(sequence, out index) && TryOpen(packet, clear, ssrc, index, tag)) return true;
        }
        return false;
    }

    bool TryOpen(Span<byte> packet, int clear, uint ssrc, ulong index, ReadOnlySpan<byte> tag) =>
        cipher.TryOpen(packet, new(clear, ssrc, index, (uint)(index >> 16)), tag);

    int Find(uint ssrc)
    {
        for (var i = 0; i < count; i++)
            if (sources[i].Ssrc == ssrc) return i;
        return -1;
    }

    int Add(uint ssrc)
    {
        if (count == sources.Length) Array.Resize(ref sources, 2 * count);
        sources[count].Ssrc = ssrc;
        return count++;
    }

    /// <summary>What is known of an SSRC that has sent an authentic packet.</summary>
    struct Source
    {
        public uint Ssrc;
        public IndexWindow Rtp;
        public IndexWindow Rtcp;
    }
}
