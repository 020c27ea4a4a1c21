using OrleansCallback.Trunks;
using Xunit;

namespace OrleansCallback.Tests.Trunks;

public sealed class TrunkPingTests
{
    static readonly TimeSpan Start = TimeSpan.FromHours(1), Interval = TimeSpan.FromSeconds(30);

    readonly TrunkPing ping = new(Start);
    TimeSpan now = Start;
    int asked;

    [Fact]
    public void A_trunk_is_asked_once_an_interval_the_first_time_after_a_whole_one()
    {
        Assert.Equal(30, Wait());
        Answer();
        Assert.Equal(30, Wait());
        Assert.False(ping.IsDue(Interval, false, now + Interval)); // it is still to be answered
    }

    [Fact]
    public void A_carrier_that_has_never_answered_OPTIONS_may_be_silent_for_ever()
    {
        for (var n = 0; n < 10; n++)
        {
            Assert.Equal(n == 0 ? 30 : 25, Wait());
            Assert.False(Silence());
        }

        Assert.Equal(25, Wait(isDown: true)); // what it does with calls is found out by calls
    }

    [Fact]
    public void One_that_has_answered_fails_by_silence_and_is_asked_more_often_until_it_answers()
    {
        Wait();
        Answer();
        Assert.Equal(30, Wait());
        for (var n = 0; n < 6; n++)
        {
            Assert.True(Silence());
            Assert.Equal(0, Wait());
        }

        Answer();
        Assert.Equal(30, Wait());
    }

    [Fact]
    public void Once_a_call_was_answered_in_spite_of_it_silence_says_nothing_until_OPTIONS_is_answered_again()
    {
        Wait();
        Answer();
        Wait();
        Assert.True(Silence());
        ping.CallAnswered();
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(25, Wait());
            Assert.False(Silence());
        }

        Assert.Equal(25, Wait());
        Answer();
        ping.CallAnswered();
        Wait();
        Assert.True(Silence());
    }

    [Fact]
    public void One_that_is_down_is_asked_a_second_after_its_pause_and_what_could_not_leave_is_no_failure()
    {
        Wait();
        Answer(isWell: false);
        Assert.Equal(1, Wait(isDown: true));
        ping.Drop($"{asked}");
        Assert.Equal(1, Wait(isDown: true));
        Assert.True(ping.TryFail($"{asked}"));
        Assert.False(ping.TryAnswer($"{asked}", true)); // too late
        Assert.Equal(5, Wait());
    }

    /// <summary>Seconds until the trunk is to be asked; it is asked then.</summary>
    int Wait(bool isDown = false)
    {
        var since = now;
        while (!ping.IsDue(Interval, isDown, now)) now += TimeSpan.FromSeconds(1);
        ping.Ask($"{++asked}", now);
        return (int)(now - since).TotalSeconds;
    }

    void Answer(bool isWell = true) => Assert.True(ping.TryAnswer($"{asked}", isWell));

    /// <summary>The last question is not answered in time; whether that is a failure.</summary>
    bool Silence()
    {
        now += TrunkPing.AnswerLimit - TimeSpan.FromSeconds(1);
        Assert.False(ping.IsFailure(now));
        now += TimeSpan.FromSeconds(1);
        return ping.IsFailure(now);
    }
}
