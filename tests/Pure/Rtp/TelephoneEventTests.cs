using CsCheck;
using OrleansCallback.Sip.Rtp;
using Xunit;

namespace OrleansCallback.Tests.Rtp;

public sealed class TelephoneEventTests
{
    const uint Ssrc = 7;

    readonly TelephoneEventReceiver receiver = new();
    ushort sequence = 65_530;
    TimeSpan now;

    [Theory]
    [InlineData('0', 0)]
    [InlineData('9', 9)]
    [InlineData('*', 10)]
    [InlineData('#', 11)]
    [InlineData('a', 12)]
    [InlineData('D', 15)]
    public void A_key_has_one_code(char key, byte code)
    {
        Assert.True(TelephoneEvent.TryCodeOf(key, out var found));
        Assert.Equal((code, char.ToUpperInvariant(key)), (found, new TelephoneEvent(code, false, 0, 0).Key));
        Assert.False(TelephoneEvent.TryCodeOf('x', out _));
        Assert.Null(new TelephoneEvent(16, false, 0, 0).Key);
    }

    [Fact]
    public void Every_event_reads_as_it_was_written() =>
        Gen.Select(Gen.Byte, Gen.Bool, Gen.Byte[0, 63], Gen.UShort).Sample((code, end, volume, duration) =>
        {
            var written = new TelephoneEvent(code, end, volume, duration);
            var bytes = new byte[TelephoneEvent.Size];
            written.Write(bytes);
            return TelephoneEvent.TryParse(bytes, out var read) && read == written && !TelephoneEvent.TryParse(bytes.AsSpan(1), out _);
        });

    [Fact]
    public void A_press_is_sent_as_it_grows_and_its_end_three_times()
    {
        var sent = Packets('5', 1_000);
        Assert.Equal([160, 320, 480, 640, 800, 800, 800], sent.Select(packet => (int)Event(packet).Duration));
        Assert.Equal([false, false, false, false, true, true, true], sent.Select(packet => Event(packet).IsEnd));
        Assert.Equal("5", Hear(sent));
    }

    [Fact]
    public void A_press_counts_from_whichever_of_its_packets_comes_first()
    {
        for (var lost = 0; lost < 7; lost++) Assert.Equal("1", Hear(Packets('1', (uint)(lost * 8_000))[lost..]));
    }

    [Fact]
    public void The_same_key_twice_is_two_presses_though_the_first_one_s_end_was_lost()
    {
        Assert.Equal("3", Hear(Packets('3', 0)[..3]));
        sequence += 10; // audio between them
        Assert.Equal("3", Hear(Packets('3', 4_000)));
    }

    [Fact]
    public void An_end_that_comes_three_times_under_one_sequence_number_counts_once()
    {
        var sent = Packets('1', 0);
        Assert.Equal("1", Hear([.. sent, sent[^1], sent[^1]]));
    }

    [Fact]
    public void A_packet_of_the_key_before_comes_late_and_says_nothing()
    {
        var (first, second) = (Packets('1', 0), Packets('2', 4_000));
        Assert.Equal("12", Hear([.. first[..4], .. second, first[4]]));
    }

    [Fact]
    public void An_event_too_long_for_its_duration_goes_on_in_segments_and_is_one_press()
    {
        // RFC 4733 section 2.5.1.3: the next segment's timestamp is where the first one ends, without a marker.
        List<(RtpHeader, byte[])> held = [Packet(1, end: false, ushort.MaxValue, 500, marker: true)];
        sequence += 3; // lost between the segments
        held.Add(Packet(1, end: false, 160, 500 + ushort.MaxValue));
        held.Add(Packet(1, end: true, 320, 500 + ushort.MaxValue));
        Assert.Equal("1", Hear(held));
    }

    [Fact]
    public void A_sender_that_moves_the_timestamp_along_presses_once()
    {
        var held = Enumerable.Range(0, 6).Select(n => Packet(8, end: n == 5, (ushort)(160 * (n + 1)), (uint)(160 * n), marker: n == 0)).ToList();
        Assert.Equal("8", Hear(held));
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(60)]
    public void A_source_that_changes_or_begins_anew_is_heard_at_once(int back)
    {
        Assert.Equal("4", Hear(Packets('4', 90_000)));
        sequence -= (ushort)back;
        Assert.Equal("4", Hear(Packets('4', 100)));
        Assert.Equal("4", Hear([.. Packets('4', 100).Select(packet => (packet.Header with { Ssrc = 8 }, packet.Payload))]));
    }

    [Fact]
    public void The_same_recording_of_a_key_is_another_press_when_it_is_played_again()
    {
        var recorded = Packets('4', 100);
        Assert.Equal("4", Hear(recorded));
        now += TimeSpan.FromSeconds(3);
        Assert.Equal("4", Hear(recorded));
    }

    [Fact]
    public void A_sender_whose_timestamps_stand_still_is_told_by_its_markers()
    {
        Assert.Equal("7", Hear(Packets('7', 0)));
        Assert.Equal("7", Hear(Packets('7', 0)));
        Assert.Equal("8", Hear(Packets('8', 0)));
    }

    [Fact]
    public void Events_packed_into_one_packet_are_told_one_by_one()
    {
        // RFC 4733 section 2.5.1.5: each begins where the one before ends.
        var payload = new byte[3 * TelephoneEvent.Size];
        new TelephoneEvent(1, true, 10, 800).Write(payload);
        new TelephoneEvent(2, true, 10, 800).Write(payload.AsSpan(4));
        new TelephoneEvent(2, false, 10, 160).Write(payload.AsSpan(8));
        Assert.Equal("122", Hear([(Header(0, marker: true), payload)]));
        Assert.Equal("", Hear([Packet(2, end: true, 800, 1_600)]));
    }

    [Fact]
    public void What_is_no_key_and_what_is_no_event_is_passed_over()
    {
        Assert.Equal("", Hear([Packet(16, end: true, 800, 0), (Header(4_000), [1, 2, 3]), (Header(8_000), [])]));
    }

    [Fact]
    public void Over_a_network_that_loses_and_doubles_each_press_counts_once() =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var (typed, heard, time) = ("", "", 0u);
            var ear = new TelephoneEventReceiver();
            for (var n = 0; n < 12; n++)
            {
                var key = "1234567890*#"[random.Next(12)];
                typed += key;
                var sent = Packets(key, time);
                var kept = sent.Where((_, at) => random.Next(3) > 0).SelectMany(packet => Enumerable.Repeat(packet, 1 + random.Next(2))).ToList();
                if (kept.Count == 0) kept = [sent[^1]];
                // A neighbour overtakes; packets of another press are a pause away.
                for (var at = 1; at < kept.Count; at++) if (random.Next(4) == 0) (kept[at], kept[at - 1]) = (kept[at - 1], kept[at]);
                heard += Hear(kept, ear);
                sequence += (ushort)random.Next(1, 50);
                time += (uint)random.Next(1_200, 20_000);
            }

            return heard == typed;
        }, iter: 2_000, threads: 1);

    string Hear(IEnumerable<(RtpHeader Header, byte[] Payload)> packets) => Hear(packets, receiver);

    string Hear(IEnumerable<(RtpHeader Header, byte[] Payload)> packets, TelephoneEventReceiver ear)
    {
        var heard = "";
        Span<char> pressed = stackalloc char[TelephoneEventReceiver.MostInPacket];
        foreach (var (header, payload) in packets) heard += new string(pressed[..ear.Take(header, payload, now += TimeSpan.FromMilliseconds(20), pressed)]);
        return heard;
    }

    List<(RtpHeader Header, byte[] Payload)> Packets(char key, uint timestamp)
    {
        Assert.True(TelephoneEvent.TryCodeOf(key, out var code));
        var sender = new TelephoneEventSender(code, 160);
        var packets = new List<(RtpHeader, byte[])>();
        while (!sender.IsOver)
        {
            var marker = sender.IsFirst;
            var payload = new byte[TelephoneEvent.Size];
            sender.Next().Write(payload);
            packets.Add((Header(timestamp, marker), payload));
        }

        return packets;
    }

    (RtpHeader Header, byte[] Payload) Packet(byte code, bool end, ushort duration, uint timestamp, bool marker = false)
    {
        var payload = new byte[TelephoneEvent.Size];
        new TelephoneEvent(code, end, 10, duration).Write(payload);
        return (Header(timestamp, marker), payload);
    }

    RtpHeader Header(uint timestamp, bool marker = false) => new(101, marker, sequence++, timestamp, Ssrc);

    static TelephoneEvent Event((RtpHeader Header, byte[] Payload) packet)
    {
        Assert.True(TelephoneEvent.TryParse(packet.Payload, out var read));
        return read;
    }
}
