using CsCheck;
using OrleansCallback.Sip.Rtp;
using OrleansCallback.Sip.Srtp;
using Xunit;

namespace OrleansCallback.Tests.Srtp;

public sealed class SrtpPropertyTests
{
    static readonly Gen<SrtpSuite> Suite = Gen.Enum<SrtpSuite>();

    // Samples run side by side.
    static SrtpWorkspace Workspace => new();

    [Fact]
    public void What_is_protected_is_read_again_whatever_its_header_and_length() =>
        Gen.Select(Suite, Gen.Byte.Array[0, 1_400], Gen.Int[0, 15], Gen.Int[-1, 20], Gen.UShort, Gen.UInt).Sample((suite, payload, csrcs, extension, sequence, ssrc) =>
        {
            var key = SrtpWire.Key(suite);
            using var sender = new SrtpSender(key, Workspace);
            using var receiver = new SrtpReceiver(key, Workspace);
            var plain = Packet(payload, csrcs, extension, sequence, ssrc);
            var sealedPacket = SrtpWire.Protect(sender, plain)!;
            Assert.Equal(plain.Length + suite.TagLength(rtcp: false), sealedPacket.Length);
            Assert.Equal(plain[..^payload.Length], sealedPacket[..(plain.Length - payload.Length)]);
            if (payload.Length >= 8) Assert.NotEqual(payload, sealedPacket.AsSpan(plain.Length - payload.Length, payload.Length).ToArray());
            Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(receiver, sealedPacket, plain));
            Assert.Equal(SrtpResult.Replayed, SrtpWire.Receive(receiver, sealedPacket));
        });

    [Fact]
    public void A_packet_with_any_bit_flipped_is_refused_and_the_right_one_still_taken() =>
        Gen.Select(Suite, Gen.Int[0, int.MaxValue], Gen.Bool).Sample((suite, random, rtcp) =>
        {
            var key = SrtpWire.Key(suite);
            using var sender = new SrtpSender(key, Workspace);
            using var receiver = new SrtpReceiver(key, Workspace);
            var packet = new byte[64];
            SrtpWire.Plain(1_000).CopyTo(packet, 0);
            var length = 32;
            Assert.True(rtcp ? sender.TryProtectRtcp(packet, ref length) : sender.TryProtect(packet, ref length));
            var right = packet[..length];
            var wrong = right.ToArray();
            wrong[random / 8 % length] ^= (byte)(1 << random % 8);
            Assert.NotEqual(SrtpResult.Accepted, Unprotect(wrong));
            Assert.Equal(SrtpResult.Accepted, Unprotect(right));

            SrtpResult Unprotect(byte[] bytes) => rtcp ? receiver.UnprotectRtcp(bytes, out _) : SrtpWire.Receive(receiver, bytes);
        });

    [Fact]
    public void Random_bytes_and_every_part_of_a_packet_are_refused_without_an_exception() =>
        Gen.Select(Suite, Gen.Byte.Array[0, 2_100], Gen.Int[0, 47]).Sample((suite, noise, part) =>
        {
            using var wire = new SrtpWire(SrtpWire.Key(suite));
            using var receiver = new SrtpReceiver(SrtpWire.Key(suite), Workspace);
            foreach (var bytes in new[] { noise, wire.Packet(5)[..Math.Min(part, 35)] })
            {
                Assert.Equal(SrtpResult.Unauthentic, SrtpWire.Receive(receiver, bytes));
                Assert.Equal(SrtpResult.Unauthentic, receiver.UnprotectRtcp(bytes, out _));
            }
        });

    /// <summary>A sender from any start over several wraps of its numbers; the network loses, repeats and delays by less than the window.</summary>
    [Fact]
    public void Each_packet_is_taken_once_in_any_order_within_the_window_over_wraps_of_the_numbers() =>
        Gen.Select(Suite, Gen.Long[0, 0x1_ffff], Gen.Int[0, IndexWindow.Size - 2].Array[1, 300], Gen.Int[1, 30_000].Array[0, 8]).Sample((suite, first, delays, gaps) =>
        {
            using var wire = new SrtpWire(SrtpWire.Key(suite));
            using var receiver = new SrtpReceiver(SrtpWire.Key(suite), Workspace);
            var indexes = new List<long> { first };
            foreach (var _ in delays) indexes.Add(indexes[^1] + 1);
            foreach (var gap in gaps) indexes.Add(indexes[^1] + gap);
            // The first one comes first: what was sent before it is older than all that is known.
            var order = indexes.Select((index, n) => (index, at: n == 0 ? -1 : index + (n <= delays.Length ? delays[n - 1] : 0)))
                .OrderBy(sent => sent.at).Select(sent => sent.index).ToList();
            var highest = long.MinValue;
            foreach (var index in order)
            {
                highest = Math.Max(highest, index);
                var expected = highest - index < IndexWindow.Size ? SrtpResult.Accepted : SrtpResult.Replayed;
                Assert.Equal(expected, SrtpWire.Receive(receiver, wire.Packet(index), SrtpWire.Plain(index)));
                Assert.Equal(SrtpResult.Replayed, SrtpWire.Receive(receiver, wire.Packet(index)));
            }
            foreach (var index in order.Where(index => highest - index < 0x8000)) Assert.Equal(SrtpResult.Replayed, SrtpWire.Receive(receiver, wire.Packet(index)));
        }, iter: 60);

    /// <summary>RFC 3711 section 3.3.1 and appendix A, word for word.</summary>
    [Fact]
    public void The_index_is_estimated_as_the_RFC_says() =>
        Gen.Select(Gen.ULong[0x1_0000, 0xffff_ffff_0000], Gen.UShort).Sample((highest, sequence) =>
        {
            var (roc, last) = ((long)(highest >> 16), (int)(highest & 0xffff));
            var rollover = last < 32_768
                ? sequence - last > 32_768 ? roc - 1 : roc
                : last - 32_768 > sequence ? roc + 1 : roc;
            var window = new IndexWindow();
            window.Add(highest);
            Assert.True(window.TryEstimate(sequence, out var index));
            Assert.Equal((ulong)((rollover << 16) + sequence), index);
        });

    [Fact]
    public void A_sender_never_protects_two_packets_under_one_number() =>
        Gen.Select(Suite, Gen.Int[-200, 400].Array[1, 200]).Sample((suite, steps) =>
        {
            using var sender = new SrtpSender(SrtpWire.Key(suite), Workspace);
            var sent = new HashSet<long>();
            long index = 65_000, highest = 0;
            foreach (var step in steps)
            {
                index = Math.Max(0, index + step);
                var protectedPacket = SrtpWire.Protect(sender, SrtpWire.Plain(index));
                Assert.Equal(highest - index < IndexWindow.Size && !sent.Contains(index), protectedPacket is not null);
                if (protectedPacket is null) continue;
                sent.Add(index);
                highest = Math.Max(highest, index);
            }
        });

    static byte[] Packet(byte[] payload, int csrcs, int extension, ushort sequence, uint ssrc)
    {
        var header = new byte[RtpHeader.Size + (4 * csrcs) + (extension < 0 ? 0 : 4 + (4 * extension))];
        new RtpHeader(0, true, sequence, 1, ssrc).Write(header);
        header[0] |= (byte)(csrcs | (extension < 0 ? 0 : 0x10));
        if (extension >= 0) header[RtpHeader.Size + (4 * csrcs) + 3] = (byte)extension;
        return [.. header, .. payload];
    }
}
