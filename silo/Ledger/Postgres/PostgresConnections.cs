using Npgsql;

namespace OrleansCallback.Silo.Ledger.Postgres;

/// <summary>
/// The connections of this silo: one for the writer that is made anew after each loss, a small pool for what opens wallets and calls, and
/// one that cannot write.
/// </summary>
sealed class PostgresConnections : IAsyncDisposable
{
    const int PoolSize = 8;
    const int LimitSeconds = 2;
    const string Limits = "-c lock_timeout=2s -c idle_in_transaction_session_timeout=2s -c statement_timeout=2s";

    public PostgresConnections(string connectionString)
    {
        Writer = Source(connectionString, Limits, pooling: false);
        Calls = Source(connectionString, Limits, pooling: true);
        Reader = Source(connectionString, "-c default_transaction_read_only=on -c statement_timeout=5s", pooling: true);
    }

    public NpgsqlDataSource Writer { get; }

    public NpgsqlDataSource Calls { get; }

    public NpgsqlDataSource Reader { get; }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await Calls.DisposeAsync();
        await Reader.DisposeAsync();
    }

    static NpgsqlDataSource Source(string connectionString, string options, bool pooling)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Options = $"{settings.Options} {options}".Trim();
        settings.Pooling = pooling;
        settings.MaxPoolSize = PoolSize;
        settings.MinPoolSize = 0;
        settings.Timeout = LimitSeconds;
        settings.CommandTimeout = LimitSeconds;
        settings.CancellationTimeout = 500;
        return NpgsqlDataSource.Create(settings);
    }
}
