using CsCheck;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class MediaGrantTests
{
    static readonly TimeSpan Start = TimeSpan.FromDays(3);

    [Fact]
    public void Nothing_flows_without_a_grant_or_before_the_answer()
    {
        var grant = new MediaGrant();
        Assert.False(grant.Allows(Start));
        grant.Extend(Seconds(10), Seconds(2));
        Assert.False(grant.Allows(Start));
        grant.Start(Start, TimeSpan.Zero);
        Assert.True(grant.Allows(Start));
    }

    [Fact]
    public void It_warns_once_and_ends_once()
    {
        var grant = Granted(10, 2);
        Assert.Equal(Start + Seconds(8), grant.NextCheck);
        Assert.Equal(GrantNews.None, grant.Check(Start + Seconds(7.9)));
        Assert.Equal(GrantNews.Low, grant.Check(Start + Seconds(8)));
        Assert.Equal(GrantNews.None, grant.Check(Start + Seconds(9)));
        Assert.True(grant.Allows(Start + Seconds(9.999)));
        Assert.False(grant.Allows(Start + Seconds(10)));
        Assert.Equal(GrantNews.Ended, grant.Check(Start + Seconds(10)));
        Assert.Equal(GrantNews.None, grant.Check(Start + Seconds(11)));
        Assert.Null(grant.NextCheck);
    }

    [Fact]
    public void An_extension_warns_again_and_a_shorter_one_is_ignored()
    {
        var grant = Granted(10, 2);
        grant.Check(Start + Seconds(8));
        Assert.False(grant.Extend(Seconds(9), Seconds(2)));
        Assert.Equal(Seconds(10), grant.Granted);
        Assert.True(grant.Extend(Seconds(20), Seconds(5)));
        Assert.Equal(GrantNews.Low, grant.Check(Start + Seconds(15)));
    }

    [Fact]
    public void What_has_ended_is_not_revived()
    {
        var grant = Granted(10, 2);
        grant.Check(Start + Seconds(10));
        Assert.False(grant.Extend(Seconds(100), Seconds(2)));
        Assert.False(grant.Allows(Start + Seconds(11)));
    }

    [Fact]
    public void A_clock_that_starts_late_counts_what_has_passed()
    {
        var grant = new MediaGrant();
        grant.Extend(Seconds(10), Seconds(2));
        grant.Start(Start, Seconds(9));
        grant.Start(Start, TimeSpan.Zero);
        Assert.False(grant.Allows(Start + Seconds(1)));
    }

    [Fact]
    public void No_order_of_grants_and_checks_lets_media_flow_past_the_longest_grant() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 30], Gen.Int[0, 20]).Array[1, 40].Sample(turns =>
        {
            var grant = Granted(5, 1);
            var (now, longest) = (Start, Seconds(5));
            foreach (var (sinceAnswer, low, pause) in turns)
            {
                now += Seconds(pause / 4.0);
                grant.Check(now);
                if (grant.Extend(Seconds(sinceAnswer), Seconds(low)) && Seconds(sinceAnswer) > longest) longest = Seconds(sinceAnswer);
                if (grant.Allows(now) && now - Start >= longest) return false;
                if (grant.Granted < longest) return false;
            }

            return true;
        });

    static MediaGrant Granted(double seconds, double low)
    {
        var grant = new MediaGrant();
        grant.Extend(Seconds(seconds), Seconds(low));
        grant.Start(Start, TimeSpan.Zero);
        return grant;
    }

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    [Fact]
    public void The_party_is_told_once_before_the_end_and_again_after_an_extension()
    {
        var grant = new MediaGrant();
        grant.Extend(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(4));
        grant.Start(TimeSpan.Zero, TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromSeconds(4), grant.NextCheck);
        Assert.Equal((GrantNews.Low, GrantNews.None), (grant.Check(TimeSpan.FromSeconds(4)), grant.Check(TimeSpan.FromSeconds(5.9))));
        Assert.Equal(TimeSpan.FromSeconds(6), grant.NextCheck);
        Assert.Equal((GrantNews.Ending, GrantNews.None), (grant.Check(TimeSpan.FromSeconds(6)), grant.Check(TimeSpan.FromSeconds(7))));
        Assert.Equal(TimeSpan.FromSeconds(10), grant.NextCheck);
        grant.Extend(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(4));
        Assert.Equal((GrantNews.Low, GrantNews.Ending), (grant.Check(TimeSpan.FromSeconds(17)), grant.Check(TimeSpan.FromSeconds(17))));
        Assert.Equal(GrantNews.Ended, grant.Check(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void A_grant_that_is_lengthened_in_time_is_not_told_as_ending()
    {
        var grant = new MediaGrant();
        grant.Extend(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(4));
        grant.Start(TimeSpan.Zero, TimeSpan.Zero);
        Assert.Equal(GrantNews.Low, grant.Check(TimeSpan.FromSeconds(5)));
        grant.Extend(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(4));
        Assert.Equal((GrantNews.None, GrantNews.Low), (grant.Check(TimeSpan.FromSeconds(8)), grant.Check(TimeSpan.FromSeconds(9))));
    }
}
