using System.Diagnostics;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Media;

/// <summary>Clips over everything that a leg may do, and keys, as a phone hears them and as the leg's owner is told.</summary>
public sealed class MediaPlayerTests
{
    const byte ClipMark = 77, Key = 1;
    const int Frame = 160;

    static readonly AudioClip Clip = AudioClip.FromSamples([.. Enumerable.Repeat(ClipMark, 5 * Frame)], G711Law.Mu);
    static readonly MediaFormat WithKeys = MediaFormat.Pcmu with { TelephoneEvent = new(Send: 96, Receive: 101) };

    [Fact]
    public async Task A_clip_is_heard_once_and_hold_audio_goes_on_after_it()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        var a = test.Talking(alice);
        a.Play(Clip, hold: true);
        var first = await alice.HearAsync(ClipMark, 5);
        var hold = await alice.HearAsync(TestPlane.HoldMark, 3);
        Assert.Equal((first.Ssrc, (ushort)(first.Sequence + 5), first.Timestamp + (5 * Frame)), (hold.Ssrc, hold.Sequence, hold.Timestamp));
        await test.NextAsync(MediaLegEventKind.Played);
    }

    [Fact]
    public async Task A_clip_in_silence_is_followed_by_silence()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        test.Talking(alice).Play(Clip);
        await alice.HearAsync(ClipMark, 5);
        await test.NextAsync(MediaLegEventKind.Played);
        Assert.Equal(0, await alice.HearToTheEndAsync(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public async Task A_clip_over_a_bridge_is_heard_in_place_of_the_other_who_hears_on_and_then_both_talk_again()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice);
        var b = test.Talking(bob, near: a);
        a.Bridge(b);
        await bob.SendAsync(b);
        var before = await alice.HearAsync(2, 1);

        a.Play(Clip);
        var clip = await alice.HearAsync(ClipMark, 2);
        await bob.SendAsync(b);
        await alice.SendAsync(a);
        await bob.HearAsync(1, 1);
        await alice.HearAsync(ClipMark, 3);
        await test.NextIgnoringAsync(MediaLegEventKind.SourceLatched, MediaLegEventKind.Played);

        await bob.SendAsync(b);
        var after = await alice.HearAsync(2, 1);
        Assert.Equal((before.Ssrc, (ushort)(before.Sequence + 1), true), (clip.Ssrc, clip.Sequence, clip.Marker));
        Assert.Equal((before.Ssrc, (ushort)(before.Sequence + 6), true), (after.Ssrc, after.Sequence, after.Marker));
        Assert.True(after.Timestamp - clip.Timestamp >= 5 * Frame, $"{clip} {after}");
        Assert.Equal(1, (await b.CloseAsync()).DroppedFor(MediaDrop.Overlaid));
    }

    [Fact]
    public async Task A_clip_that_is_cut_short_is_not_told_as_played()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice);
        var b = test.Talking(bob, near: a);
        a.Play(Clip);
        await alice.HearAsync(ClipMark, 2);
        a.Bridge(b);
        await bob.SendAsync(b);
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        while ((await alice.HearAsync()).First == ClipMark)
        {
        }

        // The next clip's end is the next event: there was none before it.
        a.Play(AudioClip.FromSamples([ClipMark], G711Law.Mu));
        await test.NextAsync(MediaLegEventKind.Played);
        Assert.True(test.HasNoEvent);
    }

    [Fact]
    public async Task A_party_that_takes_no_audio_lets_the_clip_end_all_the_same()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        var a = test.Talking(alice);
        a.SetRemote(alice.Remote() with { Receives = false });
        a.Play(Clip);
        await test.NextAsync(MediaLegEventKind.Played);
        Assert.True(alice.HasHeardNothing);
    }

    [Fact]
    public async Task Hold_audio_bridges_the_time_until_the_other_leg_is_heard()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice);
        var b = test.Talking(bob, near: a);
        a.Hold();
        await alice.HearAsync(TestPlane.HoldMark, 2);
        a.Bridge(b);
        await test.RoundAsync();
        var last = (await alice.HearAsync()).Header;
        for (var n = 0; n < 5; n++)
        {
            var (next, mark) = await alice.HearAsync();
            Assert.Equal((TestPlane.HoldMark, (ushort)(last.Sequence + 1)), (mark, next.Sequence));
            Assert.True(next.Timestamp - last.Timestamp >= Frame, $"{last} {next}");
            last = next;
        }

        await bob.SendAsync(b);
        var bridged = await HearFirstAsync(alice, 2);
        Assert.Equal(last.Ssrc, bridged.Ssrc);
        Assert.Equal(0, await alice.HearToTheEndAsync(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public async Task From_the_last_packet_of_hold_audio_to_the_first_of_the_other_leg_it_takes_at_most_40_ms()
    {
        const int times = 20, most = 40;
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice);
        var b = test.Talking(bob, near: a);
        using var ended = new CancellationTokenSource();
        var talking = TalkAsync(bob, b, ended.Token);
        var (byClock, byArrival) = (new List<double>(), new List<double>());
        for (var n = 0; n < times; n++)
        {
            a.Hold();
            await HearFirstAsync(alice, TestPlane.HoldMark);
            var ((last, _), lastAt) = (await alice.HearAsync(), Stopwatch.GetTimestamp());
            a.Bridge(b);
            while (await alice.HearAsync() is var (header, mark))
            {
                if (mark == 2)
                {
                    byClock.Add((header.Timestamp - last.Timestamp) / 8.0);
                    byArrival.Add(Stopwatch.GetElapsedTime(lastAt).TotalMilliseconds);
                    break;
                }

                (last, lastAt) = (header, Stopwatch.GetTimestamp());
            }
        }

        await ended.CancelAsync();
        await talking;
        // A machine that does many things at once may hold up the plane, the phone or this test now and then.
        var told = $"by the plane's clock {string.Join(' ', byClock)}, by arrival {string.Join(' ', byArrival.Select(ms => $"{ms:0}"))}";
        Assert.True(byClock.Count(gap => gap > most) <= 2, told);
        Assert.True(byArrival.Order().ElementAt(times / 2) <= most, told);
    }

    [Fact]
    public async Task Hold_audio_gives_way_to_a_silent_party_after_a_second()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice);
        a.Hold();
        await alice.HearAsync(TestPlane.HoldMark, 1);
        a.Bridge(test.Talking(bob, near: a));
        Assert.InRange(await alice.HearToTheEndAsync(TimeSpan.FromMilliseconds(300)), 45, 52);
    }

    [Fact]
    public async Task A_key_is_told_once_while_somebody_listens_and_passed_on_otherwise()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice, WithKeys);
        var b = test.Talking(bob, WithKeys, a);
        a.ListenForKeys(true);
        await alice.PressAsync(a, Key, 101);
        await test.NextAsync(MediaLegEventKind.SourceLatched);
        Assert.Equal('1', (await test.NextAsync(MediaLegEventKind.KeyPressed)).Key);

        a.ListenForKeys(false);
        a.Bridge(b);
        await alice.PressAsync(a, Key, 101);
        for (var n = 0; n < 7; n++) Assert.Equal((96, Key), await bob.HearAsync() is var (header, first) ? (header.PayloadType, first) : default);
        Assert.True(test.HasNoEvent);
    }

    [Fact]
    public async Task However_many_keys_come_no_more_are_told_than_a_person_presses()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        var a = test.Talking(alice, WithKeys);
        a.ListenForKeys(true);
        for (var n = 0; n < 100; n++) await alice.PressAsync(a, Key, 101, packets: 1);
        await test.RoundAsync();
        await a.CloseAsync();
        await test.Plane.DisposeAsync();
        Assert.Equal(64, test.EventsLeft.Count(happened => happened.Kind == MediaLegEventKind.KeyPressed));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_key_that_came_by_signalling_is_heard_by_the_other_party_as_telephone_event(int threads)
    {
        await using var test = new TestPlane(options => options with { Threads = threads });
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice);
        var b = test.Talking(bob, WithKeys, threads == 1 ? a : null);
        a.Bridge(b);
        await alice.SendAsync(a);
        var before = await bob.HearAsync(1, 1);
        a.Press('1');
        a.Press('#');

        var (first, second) = (await HearKeyAsync(bob, 1), await HearKeyAsync(bob, 11));
        await alice.SendAsync(a);
        var after = await bob.HearAsync(1, 1);
        Assert.Equal((before.Ssrc, (ushort)(before.Sequence + 1)), (first.Ssrc, first.Sequence));
        Assert.Equal((before.Ssrc, (ushort)(first.Sequence + 7)), (second.Ssrc, second.Sequence));
        Assert.Equal((before.Ssrc, (ushort)(second.Sequence + 7)), (after.Ssrc, after.Sequence));
        Assert.True(first.Timestamp < second.Timestamp && second.Timestamp < after.Timestamp, $"{first} {second} {after}");
    }

    [Fact]
    public async Task A_key_by_signalling_goes_nowhere_if_the_other_takes_no_telephone_event_or_heard_it_already()
    {
        await using var test = new TestPlane();
        using var alice = new TestPhone(1);
        using var bob = new TestPhone(2);
        var a = test.Talking(alice, WithKeys);
        var b = test.Talking(bob, near: a);
        a.Bridge(b);
        a.Press('1');
        while (a.Statistics.DroppedFor(MediaDrop.NotShared) < 7) await Task.Yield();
        await alice.PressAsync(a, Key, 101);
        while (a.Statistics.DroppedFor(MediaDrop.NotShared) < 14) await Task.Yield();
        a.Press('1');
        Assert.Equal(0, await bob.HearToTheEndAsync(TimeSpan.FromMilliseconds(100)));
        Assert.Equal(14, (await a.CloseAsync()).DroppedFor(MediaDrop.NotShared));
    }

    static async Task TalkAsync(TestPhone phone, MediaLeg leg, CancellationToken end)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!end.IsCancellationRequested)
        {
            await phone.SendAsync(leg);
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    static async Task<RtpHeader> HearFirstAsync(TestPhone phone, byte wanted)
    {
        while (true)
        {
            var (header, mark) = await phone.HearAsync();
            if (mark == wanted) return header;
        }
    }

    /// <summary>The seven packets of one key; the header of the first.</summary>
    static async Task<RtpHeader> HearKeyAsync(TestPhone phone, byte code)
    {
        var first = await phone.HearAsync(code, 1);
        Assert.Equal((96, true), (first.PayloadType, first.Marker));
        for (var n = 1; n < 7; n++)
        {
            var next = await phone.HearAsync(code, 1);
            Assert.Equal((first.Ssrc, first.Timestamp, (ushort)(first.Sequence + n)), (next.Ssrc, next.Timestamp, next.Sequence));
        }

        return first;
    }
}
