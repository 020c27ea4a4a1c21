using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCallback.Load.Processes;
using OrleansCallback.Silo.Ledger;
using OrleansCallback.Silo.Rates;
using OrleansCallback.Silo.Schema;
using OrleansCallback.Wallets;

namespace OrleansCallback.LedgerLoad;

/// <summary>What a run found. CPU is the operating system's account of this process, callers included, and of the database's.</summary>
sealed record LedgerResult(
    string Store, int Wallets, int Callers, bool WithCalls, long Operations, long Failed, double PerSecond, double AppCpuSecondsPer1000,
    double? DatabaseCpuSecondsPer1000, double P50Ms, double P99Ms, bool BooksBalance);

/// <summary>Callers in a closed loop: hold, settle, again.</summary>
sealed class LedgerRun(ILoadStore store, int wallets, int callers, TimeSpan duration, bool withCalls)
{
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    readonly long[] epochs = new long[wallets];
    readonly List<double>[] latencies = [.. Enumerable.Range(0, callers).Select(_ => new List<double>())];
    long failed;
    int phase;

    public async Task<LedgerResult> MeasureAsync()
    {
        await using var services = Services(store);
        await SchemaMigrator.MigrateAsync(services.GetRequiredService<IOptions<LedgerOptions>>().Value, CancellationToken.None);
        var ledger = services.GetRequiredService<ILedger>();
        await OpenWalletsAsync(ledger);

        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(ledger, caller, stop.Token))));
        await Task.Delay(WarmUp);
        var (app, database) = (ProcessAccount.CpuMilliseconds(Environment.ProcessId), DatabaseCpu());
        var since = Stopwatch.StartNew();
        Volatile.Write(ref phase, 1);
        await Task.Delay(duration);
        Volatile.Write(ref phase, 2);
        var elapsed = since.Elapsed.TotalSeconds;
        app = ProcessAccount.CpuMilliseconds(Environment.ProcessId) - app;
        database = DatabaseCpu() - database;
        await stop.CancelAsync();
        await load;
        return Result(elapsed, app, database);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The ledger and the decks of rates over a store.</summary>
    public static ServiceProvider Services(ILoadStore store)
    {
        var settings = store.Settings.ToDictionary(
            pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), pair => (string?)pair.Value);
        return new ServiceCollection()
            .AddLogging()
            .AddLedger(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddRates()
            .BuildServiceProvider();
    }

    async Task OpenWalletsAsync(ILedger ledger)
    {
        for (var wallet = 0; wallet < wallets; wallet += callers)
        {
            await Task.WhenAll(Enumerable.Range(wallet, Math.Min(callers, wallets - wallet)).Select(async n =>
            {
                await Expect(ledger.Write(LoadWrites.Credit(n), CancellationToken.None));
                epochs[n] = (await ledger.OpenWallet(LoadWrites.Site, LoadWrites.Wallet(n), CancellationToken.None))!.Epoch;
            }));
        }
    }

    async Task CallAsync(ILedger ledger, int caller, CancellationToken stop)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var wallet = (caller + round * callers) % wallets;
            var call = $"cb{caller:x4}{round:x8}";
            await TimeAsync(caller, ledger.Write(LoadWrites.Hold(wallet, epochs[wallet], call, withCalls), CancellationToken.None));
            await TimeAsync(caller, ledger.Write(LoadWrites.Settle(wallet, call, withCalls), CancellationToken.None));
        }
    }

    async Task TimeAsync(int caller, Task<WriteResult> write)
    {
        var since = Stopwatch.GetTimestamp();
        await Expect(write);
        if (Volatile.Read(ref phase) == 1) latencies[caller].Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
    }

    async Task Expect(Task<WriteResult> write)
    {
        if ((await write).Outcome != WriteOutcome.Committed) Interlocked.Increment(ref failed);
    }

    double DatabaseCpu() => store.Pid is { } pid ? ProcessAccount.CpuMilliseconds(pid) : 0;

    LedgerResult Result(double seconds, double app, double database)
    {
        var sorted = latencies.SelectMany(each => each).Order().ToArray();
        var operations = sorted.Length;
        return new(
            store.Name, wallets, callers, withCalls, operations, failed, Math.Round(operations / seconds),
            Math.Round(app / operations, 4), store.Pid is null ? null : Math.Round(database / operations, 4),
            Math.Round(sorted[operations / 2], 1), Math.Round(sorted[(int)(operations * 0.99)], 1), false);
    }
}
