using Npgsql;

namespace OrleansCallback.Silo.Ledger.Postgres;

/// <summary>
/// The connections of this silo: one for the writer that is made anew after each loss, a small pool for what opens wallets and calls, one that
/// cannot write, and one for what takes long.
/// </summary>
sealed class PostgresConnections : IAsyncDisposable
{
    const int PoolSize = 8;
    const int LimitSeconds = 2;
    const int BulkSeconds = 60;
    const string BulkLimits = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c statement_timeout=60s";
    const string Limits = "-c lock_timeout=2s -c idle_in_transaction_session_timeout=2s -c statement_timeout=2s";

    public PostgresConnections(string connectionString)
    {
        Writer = Source(connectionString, Limits, pooling: false);
        Calls = Source(connectionString, Limits, pooling: true);
        Bulk = Source(connectionString, BulkLimits, pooling: false, BulkSeconds);
        Reader = Source(connectionString, "-c default_transaction_read_only=on -c statement_timeout=5s", pooling: true);
    }

    public NpgsqlDataSource Writer { get; }

    public NpgsqlDataSource Calls { get; }

    public NpgsqlDataSource Reader { get; }

    /// <summary>For what takes seconds: hundreds of thousands of rows in one transaction.</summary>
    public NpgsqlDataSource Bulk { get; }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await Calls.DisposeAsync();
        await Reader.DisposeAsync();
        await Bulk.DisposeAsync();
    }

    static NpgsqlDataSource Source(string connectionString, string options, bool pooling, int limitSeconds = LimitSeconds)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Options = $"{settings.Options} {options}".Trim();
        settings.Pooling = pooling;
        settings.MaxPoolSize = PoolSize;
        settings.MinPoolSize = 0;
        settings.Timeout = LimitSeconds;
        settings.CommandTimeout = limitSeconds;
        settings.CancellationTimeout = 500;
        return NpgsqlDataSource.Create(settings);
    }
}
