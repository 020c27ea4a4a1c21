using OrleansCallback.Load.Phones;
using OrleansCallback.Load.Processes;

namespace OrleansCallback.Load;

/// <summary>One run: start, set up, click at the rate, let the calls end, ask the phones, the database and the operating system.</summary>
public sealed class CallbacksRun : IAsyncDisposable
{
    static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    readonly LoadOptions options;
    readonly LoadCluster cluster;

    public CallbacksRun(LoadOptions options) => (this.options, cluster) = (options, new LoadCluster(options));

    public async Task<LoadReport> RunAsync()
    {
        await cluster.StartAsync();
        using var site = new SiteDriver(cluster.WebAddress);
        await site.SetUpAsync(LoadCluster.Admin, LoadCluster.AdminPassword);

        var memoryBefore = Memory();
        var (silo, web, database) = Cpu();
        using var ended = new CancellationTokenSource();
        var sampling = SampleAsync(ended.Token);
        var (clicks, seconds) = await OpenLoop.RunAsync(options.Rate, options.Total, site.ClickAsync);
        await AllOverAsync();
        await ended.CancelAsync();
        var (most, memoryAtMost) = await sampling;
        var after = Cpu();

        var records = cluster.Phones.Records();
        var verdict = new PhoneVerdict(records);
        var completed = clicks.Select(click => (click, Phones: verdict.Completed(SiteDriver.NumberOf(click.Callback)))).Where(c => c.Phones is not null)
            .Select(c => (c.click, c.Phones!.Value.Member, c.Phones.Value.Merchant)).ToList();
        var violations = await BooksAsync();
        return new LoadReport
        {
            Store = options.Store, Rate = options.Rate, Seconds = options.Seconds, Hold = options.Hold,
            Offered = clicks.Length,
            OfferedRate = Math.Round(clicks.Length / seconds, 2),
            Completed = completed.Count,
            Failed = await FailedAsync(site, clicks, verdict),
            CpuMs = new(Per(after.Silo - silo), Per(after.Web - web), database is { } before ? Per(after.Database!.Value - before) : null),
            RssKbPerCall = most == 0 ? null : Math.Round((memoryAtMost - memoryBefore) / (double)most, 1),
            MostAtOnce = most,
            ClickToInviteMs = Quantiles.Of(completed.Select(c => PhoneVerdict.Milliseconds(c.click.At, c.Member.Invited))),
            AnswerToInviteMs = Quantiles.Of(completed.Select(c => PhoneVerdict.Milliseconds(c.Member.Answered!.Value, c.Merchant.Invited))),
            AudioLostPercent = completed.Count == 0 ? null
                : Math.Round(100 - 100.0 * completed.Sum(c => (long)c.Member.Heard) / completed.Sum(c => (long)c.Merchant.Sent), 3),
            BooksBalance = violations.Count == 0,
            Violations = violations,
        };
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    double Per(double milliseconds) => Math.Round(milliseconds / options.Total, 2);

    (double Silo, double Web, double? Database) Cpu() => (
        ProcessAccount.CpuMilliseconds(cluster.Silo.Pid), ProcessAccount.CpuMilliseconds(cluster.Web.Pid),
        cluster.Store.Pid is { } pid ? ProcessAccount.CpuMilliseconds(pid) : null);

    long Memory() => ProcessAccount.ResidentKilobytes(cluster.Silo.Pid) + ProcessAccount.ResidentKilobytes(cluster.Web.Pid);

    // The moment with the most calls is the one whose memory counts.
    async Task<(int Calls, long Memory)> SampleAsync(CancellationToken ended)
    {
        var most = (Calls: 0, Memory: 0L);
        while (!ended.IsCancellationRequested)
        {
            var calls = cluster.Phones.Live() / 2;
            if (calls >= most.Calls) most = (calls, Memory());
            await Task.Delay(SampleEvery, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return most;
    }

    // Phones and database agree that it is over, or the limit has passed and the report shows what is left.
    async Task AllOverAsync()
    {
        var limit = TimeSpan.FromSeconds(options.Hold) + LongestEnd;
        for (var waited = TimeSpan.Zero; waited < limit; waited += SampleEvery)
        {
            await Task.Delay(SampleEvery);
            if (await cluster.Store.PendingHoldsAsync() == 0) return;
        }
    }

    async Task<IReadOnlyList<string>> BooksAsync()
    {
        var violations = await cluster.Store.ViolationsAsync(Path.Combine(LoadCluster.Root, "tests", "books"));
        var pending = await cluster.Store.PendingHoldsAsync();
        return pending == 0 ? violations : [.. violations, $"{pending} holds are not resolved"];
    }

    static async Task<IReadOnlyDictionary<string, int>> FailedAsync(SiteDriver site, IEnumerable<Click> clicks, PhoneVerdict verdict)
    {
        var failed = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var click in clicks.Where(c => verdict.Completed(SiteDriver.NumberOf(c.Callback)) is null))
        {
            var outcome = await site.OutcomeAsync(click);
            var name = outcome == "bridged" ? "bridged_but_not_by_the_phones" : outcome;
            failed[name] = failed.GetValueOrDefault(name) + 1;
        }

        return failed;
    }
}
