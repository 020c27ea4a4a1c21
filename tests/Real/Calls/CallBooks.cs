using Npgsql;

namespace OrleansCallback.Tests.Calls;

/// <summary>What the database itself says about money and calls: plain SQL, nothing of the product's code.</summary>
public sealed class CallBooks(string database)
{
    /// <summary>Violations that the books script finds; none when the books balance.</summary>
    public async Task<IReadOnlyList<string>> ViolationsAsync() =>
        await LinesAsync(await File.ReadAllTextAsync(Path.Combine(Processes.Repository.Root, "tests", "books", "books_balance.postgres.sql")));

    /// <summary>Holds that are not resolved.</summary>
    public Task<long> PendingHoldsAsync() => CountAsync("select count(*) from hold where state = 'pending'");

    /// <summary>Holds ever made for a callback.</summary>
    public Task<long> HoldsOfAsync(string callback) => CountAsync("select count(*) from hold where callback = @callback", callback);

    /// <summary>How long the longest grant for a callback is, in milliseconds.</summary>
    public Task<long> GrantOfAsync(string callback) => CountAsync("select coalesce(max(grant_ms), 0)::bigint from hold where callback = @callback", callback);

    /// <summary>Call detail records of a callback.</summary>
    public Task<long> CdrsOfAsync(string callback) => CountAsync("select count(*) from cdr where callback = @callback", callback);

    /// <summary>What the entries took from wallets for a callback, in micro-units.</summary>
    public Task<long> PaidForAsync(string callback) =>
        CountAsync("select coalesce(-sum(amount), 0)::bigint from entry where callback = @callback and account like 'wallet:%'", callback);

    /// <summary>The trunk that a callback's record names for a leg.</summary>
    public async Task<string?> TrunkOfAsync(string callback, char leg)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand($"select leg_{char.ToLowerInvariant(leg)}::json ->> 'trunk' from cdr where callback = @callback", connection);
        command.Parameters.AddWithValue("callback", callback);
        return await command.ExecuteScalarAsync() as string;
    }

    /// <summary>What is stored of the dialogs of a callback that lives.</summary>
    public async Task<string?> DialogsOfAsync(string callback)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand("select string_agg(dialog, ' ') from attempt where callback = @callback", connection);
        command.Parameters.AddWithValue("callback", callback);
        return await command.ExecuteScalarAsync() as string;
    }

    /// <summary>Callbacks that have not ended.</summary>
    public Task<long> LiveCallbacksAsync() => CountAsync("select count(*) from callback where status not in ('completed', 'failed', 'canceled')");

    /// <summary>Keeps anybody from placing a hold until disposed of.</summary>
    public async Task<IAsyncDisposable> LockHoldsAsync()
    {
        var connection = await OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("lock table hold in exclusive mode", connection, transaction);
        await command.ExecuteNonQueryAsync();
        return connection; // closing it rolls back and lets go
    }

    /// <summary>Who waits for <see cref="LockHoldsAsync"/> to let go.</summary>
    public Task<long> WaitingForHoldsAsync() => CountAsync("select count(*) from pg_locks where relation = 'hold'::regclass and not granted");

    async Task<long> CountAsync(string sql, string? callback = null)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        if (callback is not null) command.Parameters.AddWithValue("callback", callback);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    async Task<IReadOnlyList<string>> LinesAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetValue(i)}")));
        return lines;
    }

    async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
