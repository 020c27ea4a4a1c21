namespace OrleansCallback.Sip.Srtp;

/// <summary>Both directions of a stream that offers and answers may encrypt, change the keys of, and leave plain again. While it is plain,
/// packets pass unchanged. Not safe from several threads.</summary>
/// <param name="workspace">That of the thread that it is used on.</param>
public sealed class SrtpSession(SrtpWorkspace workspace) : IDisposable
{
    // A key of ours may come back after another, or after a time in plain: its sender is kept, so that no number is protected twice under it.
    readonly List<SrtpSender> senders = [];
    SrtpSender? sender;
    SrtpReceiver? receiver;
    SrtpReceiver? previous;

    /// <summary>Whether packets are protected.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>Takes what an offer and its answer agreed on; null for a plain stream. A key that stays keeps its counters, so that nothing of
    /// before can be replayed (RFC 4568 section 7.1.4).</summary>
    public void Change(SrtpKeys? keys)
    {
        IsEncrypted = keys is not null;
        if (keys is null) return;
        if (sender is null || !sender.Key.Equals(keys.Local)) sender = SenderOf(keys.Local);
        if (receiver is not null && receiver.Key.Equals(keys.Remote)) return;
        // Until its first packet under the new key the peer may still send under the old one.
        previous?.Dispose();
        previous = receiver;
        receiver = new SrtpReceiver(keys.Remote, workspace, previous);
    }

    /// <summary>Protects a copy of an RTP packet, see <see cref="SrtpSender.TryProtect"/>.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="sent">What may be sent: the packet itself where the stream is plain, else bytes of the workspace, good until its next use.</param>
    public bool TryProtect(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> sent)
    {
        sent = packet;
        if (!IsEncrypted) return true;
        var length = packet.Length;
        if (!packet.TryCopyTo(workspace.Packet) || !sender!.TryProtect(workspace.Packet, ref length)) return false;
        sent = workspace.Packet.AsSpan(0, length);
        return true;
    }

    /// <summary>Protects a copy of an RTCP packet, see <see cref="SrtpSender.TryProtectRtcp"/>.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="sent">As that of <see cref="TryProtect"/>.</param>
    public bool TryProtectRtcp(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> sent)
    {
        sent = packet;
        if (!IsEncrypted) return true;
        var length = packet.Length;
        if (!packet.TryCopyTo(workspace.Packet) || !sender!.TryProtectRtcp(workspace.Packet, ref length)) return false;
        sent = workspace.Packet.AsSpan(0, length);
        return true;
    }

    /// <summary>Checks and decrypts an RTP packet, see <see cref="SrtpReceiver.Unprotect"/>.</summary>
    public SrtpResult Unprotect(Span<byte> packet, out int length)
    {
        length = packet.Length;
        if (!IsEncrypted) return SrtpResult.Accepted;
        var result = receiver!.Unprotect(packet, out length);
        if (previous is null) return result;
        if (result == SrtpResult.Unauthentic) return previous.Unprotect(packet, out length);
        previous.Dispose();
        previous = null;
        return result;
    }

    /// <summary>Checks and decrypts an RTCP packet, see <see cref="SrtpReceiver.UnprotectRtcp"/>.</summary>
    public SrtpResult UnprotectRtcp(Span<byte> packet, out int length)
    {
        length = packet.Length;
        return IsEncrypted ? receiver!.UnprotectRtcp(packet, out length) : SrtpResult.Accepted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var one in senders) one.Dispose();
        receiver?.Dispose();
        previous?.Dispose();
    }

    SrtpSender SenderOf(SrtpMasterKey key)
    {
        foreach (var one in senders)
            if (one.Key.Equals(key)) return one;
        var made = new SrtpSender(key, workspace, sender);
        senders.Add(made);
        return made;
    }
}
