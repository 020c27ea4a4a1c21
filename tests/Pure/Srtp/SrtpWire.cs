using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;
using Xunit;

namespace OrleansCallback.Tests.Srtp;

/// <summary>Packets for tests of SRTP, and a sender that protects any number in any order.</summary>
sealed class SrtpWire(SrtpMasterKey key) : IDisposable
{
    const int Room = 32;

    readonly SrtpCipher cipher = SrtpCipher.Of(key, rtcp: false, new SrtpWorkspace());

    /// <summary>Keys whose bytes follow from a number.</summary>
    public static SrtpMasterKey Key(SrtpSuite suite, byte fill = 1, byte[]? mki = null) =>
        new(suite, Enumerable.Repeat(fill, suite.KeyLength() + suite.SaltLength()).ToArray(), mki);

    /// <summary>A plain packet with 20 bytes that tell its index.</summary>
    public static byte[] Plain(long index, uint ssrc = 7)
    {
        var packet = new byte[RtpHeader.Size + 20];
        new RtpHeader(0, false, (ushort)index, (uint)index, ssrc).Write(packet);
        BitConverter.TryWriteBytes(packet.AsSpan(RtpHeader.Size), index);
        return packet;
    }

    /// <summary>The packet of an index of 48 bits, as a sender protects it that has counted so far.</summary>
    public byte[] Packet(long index, uint ssrc = 7)
    {
        var plain = Plain(index, ssrc);
        var packet = new byte[plain.Length + key.Mki.Length + cipher.TagLength];
        plain.CopyTo(packet, 0);
        var (tag, mki) = cipher.TagIsFirst ? (plain.Length, plain.Length + cipher.TagLength) : (plain.Length + key.Mki.Length, plain.Length);
        key.Mki.CopyTo(packet.AsSpan(mki));
        cipher.Seal(packet.AsSpan(0, plain.Length), new(RtpHeader.Size, ssrc, (ulong)index, (uint)(index >> 16)), packet.AsSpan(tag, cipher.TagLength));
        return packet;
    }

    /// <summary>What a receiver makes of a packet, which stays as it is; accepted ones must be what was sent.</summary>
    public static SrtpResult Receive(SrtpReceiver receiver, byte[] packet, byte[]? plain = null) =>
        Judge(receiver.Unprotect, packet, plain);

    /// <inheritdoc cref="Receive(SrtpReceiver, byte[], byte[])"/>
    public static SrtpResult Receive(SrtpSession session, byte[] packet, byte[]? plain = null) => Judge(session.Unprotect, packet, plain);

    /// <summary>Protects a copy; null where the sender refuses.</summary>
    public static byte[]? Protect(SrtpSender sender, byte[] plain)
    {
        var packet = new byte[plain.Length + Room];
        plain.CopyTo(packet, 0);
        var length = plain.Length;
        return sender.TryProtect(packet, ref length) ? packet[..length] : null;
    }

    public void Dispose() => cipher.Dispose();

    delegate SrtpResult Unprotecting(Span<byte> packet, out int length);

    static SrtpResult Judge(Unprotecting unprotect, byte[] packet, byte[]? plain)
    {
        var copy = packet.ToArray();
        var result = unprotect(copy, out var length);
        if (result != SrtpResult.Accepted) Assert.Equal(packet, copy);
        else if (plain is not null) Assert.Equal(plain, copy[..length]);
        return result;
    }
}
