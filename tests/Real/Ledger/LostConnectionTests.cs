using System.Diagnostics;
using Npgsql;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Wallets;
using static OrleansCallback.Tests.Ledger.LedgerWrites;

namespace OrleansCallback.Tests.Ledger;

/// <summary>What becomes of writes when PostgreSQL or the way to it fails.</summary>
public sealed class LostConnectionTests(PostgresServer server)
{
    /// <summary>The ledger's own limit and something for a machine under load.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    /// <summary>Long enough that a busy machine makes a new connection and a batch in between.</summary>
    const int KillRounds = 8;
    const int WritesBetweenKills = 60;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongOutage = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_batch_whose_answer_is_lost_is_found_applied_and_answered()
    {
        using var proxy = new CutProxy(server.Port);
        await using var under = await OverAsync(proxy);
        var epoch = await OpenAsync(under);
        proxy.SwallowAnswers = true;
        var write = under.Ledger.Write(Write(Place(epoch, "c1", 100), Placed("c1")), Stop);
        await Waiting.UntilAsync("the hold to be committed", Soon, async () => await CountAsync(under, "select count(*) from hold", server.Port) == 1);
        proxy.Cut();
        Assert.Equal(new(WriteOutcome.Committed, 2), await write);
        Assert.Equal(new(WriteOutcome.Committed, 3), await under.Ledger.Write(Write(Raise(epoch, "c1", 2, 1)), Stop));
    }

    [Fact]
    public async Task A_batch_that_never_arrived_is_applied_once_after_the_cut()
    {
        using var proxy = new CutProxy(server.Port);
        await using var under = await OverAsync(proxy);
        var epoch = await OpenAsync(under);
        proxy.SwallowRequests = true;
        var write = under.Ledger.Write(Write(Place(epoch, "c1", 100), Placed("c1")), Stop);
        await proxy.Swallowed.WaitAsync(Soon, Stop);
        proxy.Cut();
        Assert.Equal(new(WriteOutcome.Committed, 2), await write);
        Assert.Equal(1, await CountAsync(under, "select count(*) from hold"));
    }

    [Fact]
    public async Task With_its_backends_killed_under_load_nothing_is_applied_twice_and_nothing_committed_is_lost()
    {
        await using var under = await LedgerUnderTest.OnPostgresAsync(await server.CreateDatabaseAsync());
        var epoch = await OpenAsync(under);
        using var killing = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var sequences = new System.Collections.Concurrent.ConcurrentBag<long>();
        var killer = KillBackendsAsync(under, sequences, killing.Token);
        await Task.WhenAll(Enumerable.Range(0, 24).Select(caller => Task.Run(async () =>
        {
            for (var round = 0; round < 12; round++)
            {
                var call = $"c{caller}-{round}";
                await UntilDurableAsync(under.Ledger, Write(Place(epoch, call, 100), Placed(call)), sequences);
                await UntilDurableAsync(under.Ledger, Settle(call, 7, call: Ended(call, 1, 3, 7)), sequences);
            }
        })));
        await killing.CancelAsync();
        var kills = await killer;
        Assert.True(kills > 0, $"{kills} kills");
        Assert.Equal(sequences.Count, sequences.Distinct().Count());
        Assert.Equal(24 * 12, await CountAsync(under, "select count(*) from cdr"));
        Assert.Equal(1 + 2 * 24 * 12, await CountAsync(under, "select sequence from wallet"));
        Assert.Empty(await under.BooksAsync());
    }

    [Fact]
    public async Task While_PostgreSQL_is_stopped_writes_are_answered_in_time_and_after_its_return_they_work()
    {
        await using var own = new PostgresServer();
        await own.InitializeAsync();
        await using var under = await LedgerUnderTest.OnPostgresAsync(await own.CreateDatabaseAsync());
        var epoch = await OpenAsync(under);
        await own.KillAsync();
        for (var n = 0; n < 3; n++)
        {
            var since = Stopwatch.StartNew();
            var outcome = (await under.Ledger.Write(Write(Place(epoch, $"lost{n}", 1)), Stop)).Outcome;
            Assert.True(outcome is WriteOutcome.Unknown or WriteOutcome.Rejected, $"{outcome}");
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => under.Ledger.OpenWallet(Site, Wallet, Stop));
            Assert.True(since.Elapsed < 2 * AnswerLimit, $"{since.Elapsed}");
        }

        await own.StartAsync();
        await UntilDurableAsync(under.Ledger, Write(Place(epoch, "c1", 1), Placed("c1")), []);
        Assert.Single((await under.Ledger.OpenWallet(Site, Wallet, Stop))!.Pending, hold => hold.Callback == "c1");
        Assert.Empty(await under.BooksAsync());
    }

    [Fact]
    public async Task A_frozen_backend_delays_its_callers_two_seconds_and_no_longer()
    {
        await using var under = await LedgerUnderTest.OnPostgresAsync(await server.CreateDatabaseAsync());
        var epoch = await OpenAsync(under);
        var backend = (int)await CountAsync(
            under, "select pid from pg_stat_activity where datname = current_database() and query like 'select * from ledger_write%'");
        await PostgresServer.SignalAsync(backend, "STOP");
        try
        {
            var since = Stopwatch.StartNew();
            Assert.Equal(WriteOutcome.Unknown, (await under.Ledger.Write(Write(Place(epoch, "c1", 1), Placed("c1")), Stop)).Outcome);
            Assert.True(since.Elapsed < AnswerLimit, $"{since.Elapsed}");
        }
        finally
        {
            await PostgresServer.SignalAsync(backend, "CONT");
        }

        await UntilDurableAsync(under.Ledger, Write(Place(epoch, "c2", 1), Placed("c2")), []);
        Assert.Empty(await under.BooksAsync());
    }

    async Task<LedgerUnderTest> OverAsync(CutProxy proxy) => await LedgerUnderTest.OnPostgresAsync(
        new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()) { Port = proxy.Port, SslMode = SslMode.Disable }.ConnectionString);

    static async Task<long> OpenAsync(LedgerUnderTest under)
    {
        Assert.Equal(WriteOutcome.Committed, (await under.Ledger.Write(Credit("first", 1_000_000), Stop)).Outcome);
        return (await under.Ledger.OpenWallet(Site, Wallet, Stop))!.Epoch;
    }

    /// <summary>As a grain does: the same write again until it is durable, now or by an earlier try.</summary>
    static async Task UntilDurableAsync(
        ILedger ledger, LedgerWrite write, System.Collections.Concurrent.ConcurrentBag<long> sequences)
    {
        await Waiting.UntilAsync($"{write} to be durable", LongOutage, async () =>
        {
            var result = await ledger.Write(write, Stop);
            if (result.Outcome == WriteOutcome.Committed) sequences.Add(result.WalletSequence);
            if (result.Outcome is WriteOutcome.Committed or WriteOutcome.Duplicate) return true;
            Assert.True(result.Outcome is WriteOutcome.Unknown or WriteOutcome.Rejected, $"{result.Outcome}");
            return false;
        });
    }

    /// <summary>Kills after so many more writes have become durable, however fast the machine makes them.</summary>
    static async Task<int> KillBackendsAsync(
        LedgerUnderTest under, System.Collections.Concurrent.ConcurrentBag<long> sequences, CancellationToken cancellation)
    {
        const string kill = """
            select count(pg_terminate_backend(pid)) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
            """;
        var kills = 0;
        for (var round = 0; round < KillRounds && !cancellation.IsCancellationRequested; round++)
        {
            var goal = sequences.Count + WritesBetweenKills;
            await Waiting.UntilAsync("more writes to be durable", LongOutage, () => sequences.Count >= goal || cancellation.IsCancellationRequested);
            kills += (int)await CountAsync(under, kill);
        }

        return kills;
    }

    /// <summary>Asks past the proxy and past killed pools.</summary>
    static async Task<long> CountAsync(LedgerUnderTest under, string sql, int? port = null)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(under.Options.ConnectionString)
        {
            Port = port ?? new NpgsqlConnectionStringBuilder(under.Options.ConnectionString).Port, Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
