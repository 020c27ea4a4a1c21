using OrleansCallback.Sip.Srtp;
using Xunit;

namespace OrleansCallback.Tests.Srtp;

public sealed class SrtpSessionTests
{
    const SrtpSuite Suite = SrtpSuite.AesCm128HmacSha1Tag80;
    static readonly SrtpMasterKey Ours = SrtpWire.Key(Suite), Theirs = SrtpWire.Key(Suite, 2), TheirNext = SrtpWire.Key(Suite, 3);

    readonly SrtpWorkspace workspace = new();

    [Fact]
    public void A_plain_stream_passes_unchanged()
    {
        using var session = new SrtpSession(workspace);
        var packet = SrtpWire.Plain(5);
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, packet, packet));
        Assert.True(session.TryProtect(packet, out var sent));
        Assert.Equal(SrtpWire.Plain(5), sent);
    }

    [Fact]
    public void A_key_that_stays_keeps_what_it_knows()
    {
        using var session = Session();
        using var theirs = new SrtpWire(Theirs);
        using var receiver = new SrtpReceiver(Ours, workspace);
        var before = theirs.Packet(0x1_0005);
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, before));
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(receiver, Protect(session, 65_530)!));
        session.Change(new(Ours, Theirs));
        session.Change(null);
        session.Change(new(Ours, Theirs));
        Assert.Equal(SrtpResult.Replayed, SrtpWire.Receive(session, before));
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, theirs.Packet(0x1_0006)));
        Assert.Null(Protect(session, 65_530));
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(receiver, Protect(session, 0x1_0001)!));
    }

    [Theory] // RFC 3711 section 3.3.1 lets the count go on; RFC 4568 section 7.1.4 and many phones begin anew.
    [InlineData(0x3_0006)]
    [InlineData(0x0006)]
    [InlineData(0x1_0006)]
    public void A_new_key_of_the_peer_is_taken_wherever_its_count_begins(long index)
    {
        using var session = Session();
        using var old = new SrtpWire(Theirs);
        using var next = new SrtpWire(TheirNext);
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, old.Packet(0x0_fff0)));
        foreach (var wrap in new[] { 0x1_0000, 0x1_7000, 0x1_f000, 0x2_6000, 0x2_d000, 0x3_0004 })
            Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, old.Packet(wrap)));
        session.Change(new(Ours, TheirNext));
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, old.Packet(0x3_0005)));
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, next.Packet(index), SrtpWire.Plain(index)));
        Assert.Equal(SrtpResult.Unauthentic, SrtpWire.Receive(session, old.Packet(0x3_0007)));
        Assert.Equal(SrtpResult.Replayed, SrtpWire.Receive(session, next.Packet(index)));
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, next.Packet(index + 1)));
    }

    [Fact]
    public void Under_another_key_of_ours_the_count_goes_on_and_an_old_one_never_begins_anew()
    {
        var other = SrtpWire.Key(SrtpSuite.AeadAes128Gcm);
        using var session = Session();
        using var receiver = new SrtpReceiver(Ours, workspace);
        using var next = new SrtpReceiver(other, workspace, receiver);
        foreach (var index in new[] { 60_000, 0x1_0001 }) Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(receiver, Protect(session, index)!));
        session.Change(new(other, Theirs));
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(next, Protect(session, 0x1_0002)!, SrtpWire.Plain(0x1_0002)));
        session.Change(new(Ours, Theirs));
        Assert.Null(Protect(session, 0x1_0001));
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(receiver, Protect(session, 0x1_0003)!));
    }

    [Fact]
    public void Another_SSRC_of_the_peer_has_numbers_of_its_own_and_the_first_one_is_not_forgotten()
    {
        using var session = Session();
        using var theirs = new SrtpWire(Theirs);
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, theirs.Packet(500)));
        for (uint ssrc = 100; ssrc < 99 + SrtpReceiver.MostSources; ssrc++)
            Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, theirs.Packet(500, ssrc)));
        Assert.Equal(SrtpResult.TooManySources, SrtpWire.Receive(session, theirs.Packet(500, 9)));
        Assert.Equal(SrtpResult.Replayed, SrtpWire.Receive(session, theirs.Packet(500)));
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(session, theirs.Packet(501)));
    }

    [Fact]
    public void A_sender_has_one_SSRC()
    {
        using var sender = new SrtpSender(Ours, workspace);
        Assert.NotNull(SrtpWire.Protect(sender, SrtpWire.Plain(1)));
        Assert.Null(SrtpWire.Protect(sender, SrtpWire.Plain(2, ssrc: 8)));
        Assert.Null(SrtpWire.Protect(sender, new byte[5]));
    }

    [Theory]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag32)]
    [InlineData(SrtpSuite.AeadAes256Gcm)]
    public void A_master_key_identifier_stands_in_each_packet_of_its_key(SrtpSuite suite)
    {
        using var wire = new SrtpWire(SrtpWire.Key(suite, mki: [0, 1]));
        using var other = new SrtpWire(SrtpWire.Key(suite, mki: [0, 2]));
        using var receiver = new SrtpReceiver(SrtpWire.Key(suite, mki: [0, 1]), workspace);
        Assert.Equal(SrtpResult.Unauthentic, SrtpWire.Receive(receiver, other.Packet(5)));
        Assert.Equal(SrtpResult.Accepted, SrtpWire.Receive(receiver, wire.Packet(5), SrtpWire.Plain(5)));
    }

    [Fact]
    public void RTCP_has_an_index_of_its_own_and_is_taken_once()
    {
        using var sender = new SrtpSender(Theirs, workspace);
        using var session = Session();
        foreach (var expected in new[] { 0x8000_0001, 0x8000_0002 })
        {
            var packet = new byte[64];
            SrtpWire.Plain(9).CopyTo(packet, 0);
            var length = 32;
            Assert.True(sender.TryProtectRtcp(packet, ref length));
            Assert.Equal(expected, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(32)));
            Assert.Equal(SrtpResult.Accepted, session.UnprotectRtcp(packet.AsSpan(0, length).ToArray(), out _));
            Assert.Equal(SrtpResult.Replayed, session.UnprotectRtcp(packet.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Nothing_that_can_be_written_down_tells_a_key()
    {
        var key = new SrtpMasterKey(Suite, "The very secret key and salt .."u8[..30]);
        var told = $"{key} {new SrtpKeys(key, key)} {System.Text.Json.JsonSerializer.Serialize(new SrtpKeys(key, key))} {key.GetHashCode()}";
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
        Assert.DoesNotContain(key.ToInline(), told, StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentException>(() => new SrtpMasterKey(Suite, "too short and secret"u8));
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SrtpSuite.AesCm128HmacSha1Tag80)]
    [InlineData(SrtpSuite.AeadAes128Gcm)]
    public void A_packet_costs_no_allocation_also_where_it_is_refused(SrtpSuite suite)
    {
        using var sender = new SrtpSender(SrtpWire.Key(suite), workspace);
        using var receiver = new SrtpReceiver(SrtpWire.Key(suite), workspace);
        var (plain, packet) = (SrtpWire.Plain(1), new byte[64]);
        long before = 0;
        for (ushort i = 0; i < 200; i++)
        {
            if (i == 100) before = GC.GetAllocatedBytesForCurrentThread();
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(plain.AsSpan(2), i);
            plain.CopyTo(packet, 0);
            var length = plain.Length;
            sender.TryProtect(packet, ref length);
            packet[length - 1] ^= 1;
            receiver.Unprotect(packet.AsSpan(0, length), out _);
            packet[length - 1] ^= 1;
            receiver.Unprotect(packet.AsSpan(0, length), out _);
            receiver.Unprotect(packet.AsSpan(0, length), out _);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    SrtpSession Session()
    {
        var session = new SrtpSession(workspace);
        session.Change(new(Ours, Theirs));
        return session;
    }

    static byte[]? Protect(SrtpSession session, long index) => session.TryProtect(SrtpWire.Plain(index), out var sent) ? sent.ToArray() : null;
}
