using CsCheck;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class ListenerTimelineTests
{
    const int Frame = 160;

    /// <summary>What happens next to the listener's stream: a frame of hold audio, or a packet of a source.</summary>
    sealed record Step(bool Hold, int Source, int Move, int Milliseconds);

    static readonly Gen<Step> Steps = Gen.Select(
        Gen.Frequency((1, Gen.Const(true)), (4, Gen.Const(false))),
        Gen.Int[0, 2],
        Gen.Frequency((20, Gen.Const(1)), (3, Gen.Int[2, 30]), (3, Gen.Int[-30, 0]), (1, Gen.Int[-40_000, 40_000])),
        Gen.Frequency((10, Gen.Const(20)), (3, Gen.Int[0, 60]), (1, Gen.Int[0, 5_000])),
        (hold, source, move, ms) => new Step(hold, source, move, ms));

    static readonly Gen<(ushort, uint, Step[])> Calls = Gen.Select(Gen.UShort, Gen.UInt, Steps.Array[1, 300]);

    [Fact]
    public void Whatever_feeds_it_one_listener_sees_one_unbroken_stream() => Calls.Sample((first, time, steps) =>
    {
        var sent = Run(first, time, steps).ToList();
        Assert.All(sent, packet => Assert.Equal(7u, packet.Header.Ssrc));
        AssertNumbersAreNotReused(sent);
        AssertTimestampsFollowTheNumbers(sent);
    });

    [Fact]
    public void A_marker_stands_where_the_audio_changes() => Calls.Sample((first, time, steps) =>
    {
        (bool Hold, int Source)? before = null;
        foreach (var packet in Run(first, time, steps))
        {
            if (before != (packet.Hold, packet.Source)) Assert.True(packet.Header.Marker, $"no marker at {packet}");
            before = (packet.Hold, packet.Source);
        }
    });

    [Fact]
    public void Losses_and_reorderings_of_a_source_stay_as_they_are()
    {
        var timeline = new ListenerTimeline(7, 1000, 0);
        int[] order = [0, 1, 3, 2, 6, 5, 5];
        var sent = order.Select((n, i) => Relayed(timeline, (ushort)(65_534 + n), (uint)(n * Frame), i * 20)!.Value.Sequence).ToArray();
        Assert.Equal(order.Select(n => (ushort)(1000 + n)), sent);
    }

    [Fact]
    public void A_packet_from_before_the_switch_is_dropped()
    {
        var timeline = new ListenerTimeline(7, 0, 0);
        timeline.Generate(0, Frame, At(0));
        Assert.NotNull(Relayed(timeline, 500, 0, 20));
        Assert.Null(Relayed(timeline, 499, unchecked((uint)-Frame), 21));
    }

    [Fact]
    public void A_single_stray_number_is_dropped_and_a_second_in_a_row_is_a_restart()
    {
        var timeline = new ListenerTimeline(7, 0, 0);
        Assert.Equal(0, Relayed(timeline, 10, 0, 0)!.Value.Sequence);
        Assert.Null(Relayed(timeline, 20_000, 0, 20));
        Assert.Equal(1, Relayed(timeline, 11, Frame, 40)!.Value.Sequence);
        Assert.Null(Relayed(timeline, 20_000, 0, 60));
        var restarted = Relayed(timeline, 20_001, Frame, 80)!.Value;
        Assert.Equal((2, true), (restarted.Sequence, restarted.Marker));
    }

    [Fact]
    public void A_switch_advances_the_timestamp_by_the_time_that_passed()
    {
        var timeline = new ListenerTimeline(7, 0, 0);
        Assert.Equal(0u, timeline.Generate(0, Frame, At(0)).Timestamp);
        Assert.Equal(160u, timeline.Generate(0, Frame, At(20)).Timestamp);
        Assert.Equal(160u + 8000, Relayed(timeline, 1, 999_999, 1020)!.Value.Timestamp);
        Assert.Equal(160u + 8000 + 160, Relayed(timeline, 2, 999_999 + Frame, 1041)!.Value.Timestamp);
    }

    [Fact]
    public void A_source_that_restarts_its_timestamps_does_not_move_the_listener_back()
    {
        var timeline = new ListenerTimeline(7, 0, 0);
        Relayed(timeline, 1, 1_000_000, 0);
        var next = Relayed(timeline, 2, 5, 20)!.Value;
        Assert.Equal((160u, true), (next.Timestamp, next.Marker));
    }

    [Fact]
    public void Another_clock_goes_on_with_SSRC_numbers_and_time_and_so_does_the_way_back()
    {
        var timeline = new ListenerTimeline(7, 10, 1_000);
        timeline.Generate(0, Frame, At(0));
        var opus = Relayed(timeline, 500, 77, 100, RtpEncoding.Opus)!.Value;
        Assert.Equal((7u, 11, 1_000u + 4_800, true), (opus.Ssrc, opus.Sequence, opus.Timestamp, opus.Marker));
        var next = Relayed(timeline, 501, 77 + 960, 120, RtpEncoding.Opus)!.Value;
        Assert.Equal((7u, 12, 1_000u + 4_800 + 960, false), (next.Ssrc, next.Sequence, next.Timestamp, next.Marker));
        var back = timeline.Generate(0, Frame, At(140));
        Assert.Equal((7u, 13, 1_000u + 4_800 + 960 + 160, true), (back.Ssrc, back.Sequence, back.Timestamp, back.Marker));
    }

    [Fact]
    public void A_source_that_changes_its_clock_is_followed_and_what_is_late_of_the_old_one_is_dropped()
    {
        var timeline = new ListenerTimeline(7, 0, 0);
        Relayed(timeline, 1, 0, 0);
        Relayed(timeline, 2, Frame, 20);
        var opus = Relayed(timeline, 4, 90_000, 60, RtpEncoding.Opus)!.Value;
        Assert.Equal((7u, 2, 160u + 1_920, true), (opus.Ssrc, opus.Sequence, opus.Timestamp, opus.Marker));
        Assert.Null(Relayed(timeline, 3, 2 * Frame, 61));
        Assert.Equal(160u + 1_920 + 960, Relayed(timeline, 5, 90_960, 80, RtpEncoding.Opus)!.Value.Timestamp);
    }

    [Fact]
    public void From_G711_to_G722_the_stream_goes_on_since_both_clocks_are_alike()
    {
        var timeline = new ListenerTimeline(7, 0, 0);
        Relayed(timeline, 1, 0, 0);
        var wide = Relayed(timeline, 2, Frame, 20, RtpEncoding.G722)!.Value;
        Assert.Equal((7u, 1, 160u, true), (wide.Ssrc, wide.Sequence, wide.Timestamp, wide.Marker));
        Assert.False(Relayed(timeline, 3, 2 * Frame, 40, RtpEncoding.G722)!.Value.Marker);
    }

    [Theory]
    [InlineData(RtpEncoding.Pcmu, 160)]
    [InlineData(RtpEncoding.Opus, 960)] // with a telephone-event that has the audio's timestamps, whatever its own clock is said to be
    public void A_key_that_is_held_for_long_is_one_event_and_the_audio_after_it_goes_on(RtpEncoding audio, int frame)
    {
        var timeline = new ListenerTimeline(7, 0, 0);
        Relayed(timeline, 0, 0, 0, audio);
        for (var i = 1; i <= 200; i++)
        {
            var held = Relayed(timeline, (ushort)i, (uint)frame, 20 * i, RtpEncoding.TelephoneEvent)!.Value;
            Assert.Equal((i, (uint)frame, false), (held.Sequence, held.Timestamp, held.Marker));
        }

        var after = Relayed(timeline, 201, (uint)(201 * frame), 20 * 201, audio)!.Value;
        Assert.Equal((201, (uint)(201 * frame), false), (after.Sequence, after.Timestamp, after.Marker));
    }

    [Fact]
    public void An_event_begins_a_run_and_keeps_its_timestamp_for_its_repetitions()
    {
        var timeline = new ListenerTimeline(7, 0, 0);
        timeline.Generate(0, Frame, At(0));
        var first = Relayed(timeline, 900, 5_000, 20, RtpEncoding.TelephoneEvent)!.Value;
        Assert.Equal((1, 160u, true), (first.Sequence, first.Timestamp, first.Marker));
        Assert.Equal((2, 160u), Relayed(timeline, 901, 5_000, 40, RtpEncoding.TelephoneEvent) is { } again ? (again.Sequence, again.Timestamp) : default);
        Assert.Equal((3, 480u), Relayed(timeline, 902, 5_320, 60) is { } audio ? (audio.Sequence, audio.Timestamp) : default);
    }

    static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    static RtpHeader? Relayed(ListenerTimeline timeline, ushort sequence, uint timestamp, int milliseconds, RtpEncoding encoding = RtpEncoding.Pcmu) =>
        timeline.TryRelay(new RtpHeader(0, false, sequence, timestamp, 99), encoding, 0, At(milliseconds), out var header) ? header : null;

    /// <summary>Plays the steps; each packet sent with what it was made of.</summary>
    static IEnumerable<(RtpHeader Header, bool Hold, int Source, long Identity)> Run(ushort first, uint time, Step[] steps)
    {
        var timeline = new ListenerTimeline(7, first, time);
        var numbers = new long[] { 100, 65_500, 30_000 };
        var now = TimeSpan.FromHours(1);
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            now += At(step.Milliseconds);
            if (step.Hold)
            {
                yield return (timeline.Generate(0, Frame, now), true, -1, -i);
                continue;
            }

            var number = Math.Max(0, numbers[step.Source] + step.Move);
            if (step.Move > 0) numbers[step.Source] = number;
            var header = new RtpHeader(0, false, (ushort)number, (uint)(number * Frame), (uint)(1 + step.Source));
            if (timeline.TryRelay(header, RtpEncoding.Pcmu, 0, now, out var sent)) yield return (sent, false, step.Source, number);
        }
    }

    static void AssertNumbersAreNotReused(List<(RtpHeader Header, bool Hold, int Source, long Identity)> sent)
    {
        foreach (var (window, i) in sent.Select((packet, i) => (packet, i)))
        {
            var same = sent.Skip(i + 1).Take(100).Where(later => later.Header.Sequence == window.Header.Sequence);
            Assert.All(same, later => Assert.Equal(
                (window.Hold, window.Source, window.Identity, window.Header.Timestamp), (later.Hold, later.Source, later.Identity, later.Header.Timestamp)));
        }
    }

    static void AssertTimestampsFollowTheNumbers(List<(RtpHeader Header, bool Hold, int Source, long Identity)> sent)
    {
        var highest = sent[0].Header;
        foreach (var (header, _, _, _) in sent)
        {
            var ahead = (short)(header.Sequence - highest.Sequence);
            var later = (int)(header.Timestamp - highest.Timestamp);
            Assert.True(ahead > 0 ? later >= 0 : later <= 0, $"number moves by {ahead}, timestamp by {later}: {highest} {header}");
            Assert.True(ahead is >= -ListenerTimeline.MaxMisorder and <= ListenerTimeline.MaxDropout, $"number jumps by {ahead}");
            if (ahead > 0) highest = header;
        }
    }
}
