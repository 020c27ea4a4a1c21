using CsCheck;
using OrleansCallback.Trunks;

namespace OrleansCallback.Tests.Trunks;

public sealed class TrunkBreakerTests
{
    static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Fact]
    public void Failures_in_a_row_take_a_trunk_down_and_one_answer_between_does_not()
    {
        var breaker = new TrunkBreaker();
        for (var n = 1; n < TrunkBreaker.Failures; n++) Assert.False(breaker.Failed(null, Start));
        Assert.False(breaker.Answered(Start));
        for (var n = 1; n < TrunkBreaker.Failures; n++) Assert.False(breaker.Failed(null, Start));
        Assert.True(breaker.Failed(null, Start));
        Assert.Equal(TrunkCondition.Down, breaker.Condition);
        Assert.False(breaker.TryCall(Start));
    }

    [Fact]
    public void One_call_probes_after_each_pause_and_pauses_grow()
    {
        var (breaker, now, last) = (Down(), Start, TimeSpan.Zero);
        for (var n = 0; n < 10; n++)
        {
            var pause = breaker.Until - now;
            Assert.True(pause > last || pause == TrunkBreaker.LongestPause);
            (last, now) = (pause, breaker.Until);
            Assert.True(breaker.TryCall(now));
            Assert.False(breaker.TryCall(now));
            Assert.True(breaker.Failed(null, now));
        }

        Assert.Equal(TrunkBreaker.LongestPause, last);
        Assert.True(breaker.Answered(now));
        Assert.True(breaker.TryCall(now));
    }

    [Fact]
    public void A_trunk_rests_as_long_as_it_asked_for_whatever_OPTIONS_says()
    {
        var breaker = new TrunkBreaker();
        Assert.True(breaker.Failed(TimeSpan.FromSeconds(20), Start));
        Assert.Equal((TrunkCondition.Resting, Start + TimeSpan.FromSeconds(20)), (breaker.Condition, breaker.Until));
        Assert.False(breaker.Answered(Start + TimeSpan.FromSeconds(5)));
        Assert.False(breaker.TryCall(Start + TimeSpan.FromSeconds(19)));
        Assert.True(breaker.TryCall(Start + TimeSpan.FromSeconds(20)));
        Assert.True(breaker.TryCall(Start + TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Whatever_happens_a_trunk_comes_back() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 100_000]).Array[0, 80].Sample(steps =>
        {
            var (breaker, now) = (new TrunkBreaker(), Start);
            foreach (var (what, milliseconds) in steps)
            {
                now += TimeSpan.FromMilliseconds(milliseconds);
                switch (what)
                {
                    case 0: breaker.Answered(now); break;
                    case 1: breaker.Failed(null, now); break;
                    case 2: breaker.Failed(TimeSpan.FromDays(400), now); break;
                    default: breaker.TryCall(now); break;
                }
            }

            now += TrunkBreaker.LongestRest + TrunkBreaker.LongestPause + TrunkBreaker.ProbeLimit;
            if (!breaker.TryCall(now)) return false;
            breaker.Answered(now);
            return breaker.Condition == TrunkCondition.Up;
        });

    [Fact]
    public void Calls_a_second_are_kept_and_what_would_wait_too_long_is_refused() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[0, 400].Array[1, 300]).Sample((rate, gaps) =>
        {
            var (pace, now, sent) = (new TrunkPace(), Start, new List<TimeSpan>());
            foreach (var gap in gaps)
            {
                now += TimeSpan.FromMilliseconds(gap);
                if (pace.TryTake(rate, now) is not { } wait) continue;
                if (wait > TrunkPace.LongestWait) return false;
                sent.Add(now + wait);
            }

            return sent.All(at => sent.Count(other => other >= at && other < at + TimeSpan.FromSeconds(1)) <= rate + 1);
        });

    static TrunkBreaker Down()
    {
        var breaker = new TrunkBreaker();
        for (var n = 0; n < TrunkBreaker.Failures; n++) breaker.Failed(null, Start);
        return breaker;
    }
}
