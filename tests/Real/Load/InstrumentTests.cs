using System.Diagnostics;
using OrleansCallback.Load.Phones;
using OrleansCallback.Load.Processes;
using Microsoft.Extensions.Time.Testing;
using OrleansCallback.Load;

namespace OrleansCallback.Tests.Load;

/// <summary>The rules by which the load instrument counts.</summary>
public sealed class InstrumentTests
{
    static readonly PhoneRecord Member = new()
    {
        Mark = 1, IsMember = true, Number = SiteDriver.NumberOf(7), Invited = 10, Answered = 20, Acknowledged = 30, Ended = 90, Heard = 5, HeardMark = 2,
    };

    static readonly PhoneRecord Merchant = new()
    {
        Mark = 2, IsMember = false, Number = "+493023125100", Invited = 40, Answered = 50, Acknowledged = 60, Ended = 90, Heard = 5, HeardMark = 1,
    };

    [Fact]
    public void A_callback_is_completed_only_if_both_phones_say_so()
    {
        Assert.NotNull(new PhoneVerdict([Member, Merchant]).Completed(SiteDriver.NumberOf(7)));
        Assert.Null(new PhoneVerdict([Member, Merchant]).Completed(SiteDriver.NumberOf(8)));
        Assert.Null(new PhoneVerdict([Member]).Completed(SiteDriver.NumberOf(7)));
        Assert.Null(new PhoneVerdict([Member, Merchant with { HeardMark = 3 }]).Completed(SiteDriver.NumberOf(7)));
        Assert.Null(new PhoneVerdict([Member, Merchant with { Heard = 0, HeardMark = null }]).Completed(SiteDriver.NumberOf(7)));
        Assert.Null(new PhoneVerdict([Member, Merchant with { Ended = null }]).Completed(SiteDriver.NumberOf(7)));
        Assert.Null(new PhoneVerdict([Member with { Astray = 1 }, Merchant]).Completed(SiteDriver.NumberOf(7)));
        Assert.Null(new PhoneVerdict([Member, Member with { Mark = 9 }, Merchant]).Completed(SiteDriver.NumberOf(7)));
    }

    [Fact]
    public async Task The_account_of_a_process_holds_what_its_ended_children_used()
    {
        using var parent = Process.Start(new ProcessStartInfo("bash", ["-c", "for i in 1 2; do bash -c 'for ((n=0;n<200000;n++)); do :; done'; done; echo done; read"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("done", await parent.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.True(ProcessAccount.CpuMilliseconds(parent.Id) >= 100, $"{ProcessAccount.CpuMilliseconds(parent.Id)} ms");
        parent.StandardInput.Close();
        await parent.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Throws<InvalidOperationException>(() => ProcessAccount.CpuMilliseconds(parent.Id));
    }

    [Fact]
    public async Task A_slow_system_is_offered_the_same_rate()
    {
        var (started, answers) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var (results, seconds) = await OpenLoop.RunAsync(100, 50, async n =>
        {
            // Nothing is answered before the last was asked.
            if (Interlocked.Increment(ref started) == 50) answers.SetResult();
            await answers.Task;
            return n;
        }, new JumpingClock());
        Assert.Equal(Enumerable.Range(0, 50), results);
        Assert.Equal(0.5, seconds, 6);
    }

    [Fact]
    public void A_run_that_offered_too_little_is_void()
    {
        Assert.True(Report(offered: 9.8).Void);
        Assert.False(Report(offered: 9.95).Void);
    }

    /// <summary>Whatever is waited for is there at once.</summary>
    sealed class JumpingClock : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Advance(dueTime);
            return timer;
        }
    }

    static LoadReport Report(double offered) => new()
    {
        Store = "postgres", Rate = 10, Seconds = 10, Hold = 1, Offered = 100, OfferedRate = offered, Completed = 100, Failed = new Dictionary<string, int>(),
        CpuMs = new(1, 1, 1), RssKbPerCall = null, MostAtOnce = 1, ClickToInviteMs = null, AnswerToInviteMs = null, AudioLostPercent = 0, BooksBalance = true,
        Violations = [],
    };
}
