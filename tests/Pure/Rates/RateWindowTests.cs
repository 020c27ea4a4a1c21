using CsCheck;
using OrleansCallback.Rates;

namespace OrleansCallback.Tests.Rates;

public sealed class RateWindowTests
{
    const int Week = 7 * RateWindow.Day;

    static readonly Gen<RateWindow> Hours = RandomDecks.Hours.Where(hours => hours is not null).Select(hours => hours!.Value);

    [Fact]
    public void Two_windows_overlap_if_there_is_a_minute_in_both() =>
        Gen.Select(Hours, Hours).Sample((one, two) =>
        {
            var shared = Enumerable.Range(0, Week).Any(minute => one.Covers(minute) && two.Covers(minute));
            Assert.Equal(shared, one.Overlaps(two));
            Assert.Equal(shared, two.Overlaps(one));
        });

    [Fact]
    public void A_window_over_midnight_belongs_to_the_day_on_which_it_begins()
    {
        Assert.True(RateWindow.TryParseDays("fri", out var days));
        var night = new RateWindow(days, 22 * 60, 6 * 60);
        Assert.False(night.Covers(Minute(3, 23)));
        Assert.True(night.Covers(Minute(4, 22)));
        Assert.True(night.Covers(Minute(5, 5)));
        Assert.False(night.Covers(Minute(5, 6)));
        Assert.True(new RateWindow(64, 22 * 60, 6 * 60).Covers(Minute(0, 0)));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("mon-sun", "")]
    [InlineData("mon-fri", "mon-fri")]
    [InlineData("Sat  sun", "sat-sun")]
    [InlineData("sat-mon wed", "mon wed sat-sun")]
    public void Days_are_ranges_and_names(string text, string read)
    {
        Assert.True(RateWindow.TryParseDays(text, out var days));
        Assert.Equal(read, new RateWindow(days, 0, RateWindow.Day).DaysText());
    }

    [Theory]
    [InlineData("monday")]
    [InlineData("mon-")]
    [InlineData("-")]
    [InlineData("mon,tue")]
    public void Other_words_are_no_days(string text) => Assert.False(RateWindow.TryParseDays(text, out _));

    [Theory]
    [InlineData("00:00", 0)]
    [InlineData("08:30", 510)]
    [InlineData("24:00", 1440)]
    [InlineData("24:01", null)]
    [InlineData("8:30", null)]
    [InlineData("08:60", null)]
    [InlineData("0x:00", null)]
    public void Times_are_hours_and_minutes(string text, int? minute)
    {
        var read = RateWindow.TryParseTime(text, out var time);
        Assert.Equal(minute, read ? time : null);
        if (read) Assert.Equal(text, RateWindow.TimeText(time));
    }

    static int Minute(int day, int hour) => day * RateWindow.Day + hour * 60;
}
