using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansCallback.Rates;
using OrleansCallback.Silo.Ledger;
using OrleansCallback.Silo.Rates;
using OrleansCallback.Silo.Schema;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests.Ledger;

/// <summary>A ledger of its own on either database, with a connection past it for looking at the rows.</summary>
sealed class LedgerUnderTest : IAsyncDisposable
{
    readonly ServiceProvider services;
    readonly string? folder;

    LedgerUnderTest(Dictionary<string, string?> settings, string? folder)
    {
        this.folder = folder;
        services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new TestLog()))
            .AddLedger(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddRates()
            .BuildServiceProvider();
        Options = services.GetRequiredService<IOptions<LedgerOptions>>().Value;
    }

    public LedgerOptions Options { get; }

    public ILedger Ledger => services.GetRequiredService<ILedger>();

    public ILedgerReader Reader => services.GetRequiredService<ILedgerReader>();

    public IRateStore Rates => services.GetRequiredService<IRateStore>();

    public static async Task<LedgerUnderTest> OnSqliteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("orleanscallback-ledger-").FullName;
        return await new LedgerUnderTest(new() { ["Sqlite:File"] = Path.Combine(folder, "ledger.db") }, folder).MigrateAsync();
    }

    public static async Task<LedgerUnderTest> OnPostgresAsync(string connectionString) => await new LedgerUnderTest(
        new() { ["Store"] = "postgres", ["ConnectionStrings:Ledger"] = connectionString }, null).MigrateAsync();

    /// <summary>Another silo on the same database.</summary>
    public LedgerUnderTest Another() => new(
        new()
        {
            ["Store"] = Options.Store, ["Sqlite:File"] = Options.File, ["ConnectionStrings:Ledger"] = Options.ConnectionString,
        },
        null);

    public async Task<DbConnection> ConnectAsync()
    {
        DbConnection connection = Options.IsPostgres
            ? new NpgsqlConnection(Options.ConnectionString)
            : new SqliteConnection($"Data Source={Options.File};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The violations that the read-only script of <c>tests/books</c> finds, after a fault that is taken back again if one is given.
    /// </summary>
    public async Task<List<string>> BooksAsync(string? fault = null)
    {
        var violations = new List<string>();
        await using var connection = await ConnectAsync();
        if (fault is not null && !Options.IsPostgres) await RunAsync("pragma ignore_check_constraints = on");
        await using var transaction = await connection.BeginTransactionAsync();
        if (fault is not null) await RunAsync(fault);
        await using var command = Command(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "books", $"books_balance.{Options.Store}.sql")));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) violations.Add($"{reader[0]}: {reader[1]}/{reader[2]}: {reader[3]}");
        return violations;

        async Task RunAsync(string sql)
        {
            await using var run = Command(sql);
            await run.ExecuteNonQueryAsync();
        }

        DbCommand Command(string sql)
        {
            var made = connection.CreateCommand();
            made.CommandText = sql;
            return made;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }

    async Task<LedgerUnderTest> MigrateAsync()
    {
        await SchemaMigrator.MigrateAsync(Options, CancellationToken.None);
        return this;
    }
}
