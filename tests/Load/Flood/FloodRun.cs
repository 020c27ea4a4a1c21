using System.Diagnostics;
using System.Net;
using OrleansCallback.Load.Phones;
using OrleansCallback.Load.Processes;

namespace OrleansCallback.Load.Flood;

/// <summary>One flood: calls are set up and stay up, rubbish comes, the calls are hung up, and phones, database and silo are asked how it was.</summary>
public sealed class FloodRun(FloodOptions options) : IAsyncDisposable
{
    const double ClicksPerSecond = 10, LongestTalk = 3_000; // seconds: the phones are told when to hang up
    const int CallsOfOne = 5;
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);

    readonly LoadCluster cluster = new(new LoadOptions(ClicksPerSecond, 1, LongestTalk, options.Store, RingMs: 200, Json: false));

    /// <summary>Runs it. <paramref name="beside"/> is another attack on the same calls, after the flood.</summary>
    public async Task<FloodReport> RunAsync(Func<IPEndPoint, Task>? beside = null)
    {
        await cluster.StartAsync();
        using var site = new SiteDriver(cluster.WebAddress);
        await site.SetUpAsync(LoadCluster.Admin, LoadCluster.AdminPassword, Math.Clamp(options.Calls / CallsOfOne, 1, SiteDriver.Members));
        var (clicks, _) = await OpenLoop.RunAsync(ClicksPerSecond, options.Calls, site.ClickAsync);
        await UntilAsync("all calls to be up", () => Task.FromResult(cluster.Phones.Live() == 2 * options.Calls));
        await UntilAsync("all calls to be bridged", async () => (await Task.WhenAll(clicks.Select(site.OutcomeAsync))).All(at => at == "bridged"));

        var before = await CpuOverAsync(() => Task.Delay(Calm));
        var counters = await SiloCounters.ReadAsync(cluster.SiloHttp);
        var memory = ProcessAccount.ResidentKilobytes(cluster.Silo.Pid);
        RubbishSent? sent = null;
        var most = memory;
        var during = await CpuOverAsync(async () =>
        {
            var flood = RubbishSender.SendAsync(cluster.Sip, options.Rate, TimeSpan.FromSeconds(options.Seconds));
            while (await Task.WhenAny(flood, Task.Delay(Step)) != flood) most = Math.Max(most, ProcessAccount.ResidentKilobytes(cluster.Silo.Pid));
            sent = await flood;
        });
        var counted = (await SiloCounters.ReadAsync(cluster.SiloHttp)).Since(counters);
        if (beside is not null) await beside(cluster.Sip);
        var after = cluster.Phones.Live() / 2;
        var records = await HangUpAsync();
        return new FloodReport
        {
            Rate = options.Rate, Sent = sent!.Datagrams, SentRate = Math.Round(sent.Datagrams / sent.Seconds), Answered = sent.Answers,
            Received = counted.Received, Dropped = counted.Dropped, Calls = options.Calls, CallsAfter = after,
            Completed = clicks.Count(click => new PhoneVerdict(records).Completed(SiteDriver.NumberOf(click.Callback)) is not null),
            AudioLostPercent = Math.Round(100 - 100.0 * records.Where(r => r.IsMember).Sum(r => (long)r.Heard) / records.Where(r => !r.IsMember).Sum(r => (long)r.Sent), 3),
            CpuMsPerSecondBefore = before, CpuMsPerSecondDuring = during, RssKbBefore = memory, RssKbMost = most,
            BooksBalance = await BalanceAsync(),
        };
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    async Task<IReadOnlyList<PhoneRecord>> HangUpAsync()
    {
        cluster.Phones.HangUp();
        await UntilAsync("all calls to have ended", () => Task.FromResult(cluster.Phones.Live() == 0));
        await UntilAsync("all holds to be settled", async () => await cluster.Store.PendingHoldsAsync() == 0);
        return cluster.Phones.Records();
    }

    async Task<double> CpuOverAsync(Func<Task> work)
    {
        var (cpu, since) = (ProcessAccount.CpuMilliseconds(cluster.Silo.Pid), Stopwatch.GetTimestamp());
        await work();
        return Math.Round((ProcessAccount.CpuMilliseconds(cluster.Silo.Pid) - cpu) / Stopwatch.GetElapsedTime(since).TotalSeconds);
    }

    async Task<bool> BalanceAsync() => (await cluster.Store.ViolationsAsync(Path.Combine(LoadCluster.Root, "tests", "books"))).Count == 0;

    async Task UntilAsync(string what, Func<Task<bool>> so)
    {
        for (var since = Stopwatch.StartNew(); !await so(); await Task.Delay(Step))
            if (since.Elapsed > Limit) throw new TimeoutException($"Waited {Limit} for {what}; {cluster.Phones.Live()} legs are up; see {cluster.Silo.LogFile}.");
    }
}
