using Npgsql;
using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger.Postgres;

/// <summary>Takes over wallets and calls, and reads what the session and the sweeper ask for. Each is one round trip.</summary>
static class PostgresOpen
{
    public static async Task<WalletRow?> WalletAsync(NpgsqlDataSource source, string site, string wallet, CancellationToken cancellation)
    {
        await using var batch = Batch(
            source, [site, wallet],
            "update wallet set epoch = epoch + 1 where site = $1 and id = $2 returning epoch, sequence, posted, held, credit_limit, currency",
            """
            select id, callback, slice, amount, grant_ms from hold
            where site = $1 and wallet = $2 and state = 'pending' order by id
            """);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        var row = new WalletRow(
            wallet, reader.GetInt64(0), reader.GetInt64(1), new(reader.GetInt64(2)), new(reader.GetInt64(3)), new(reader.GetInt64(4)),
            reader.GetString(5), []);
        await reader.NextResultAsync(cancellation);
        return row with { Pending = await AllAsync(reader, Hold, cancellation) };
    }

    public static async Task<CallRow?> CallAsync(NpgsqlDataSource source, string site, string callback, CancellationToken cancellation)
    {
        await using var batch = Batch(
            source, [site, callback],
            """
            with opened as (update callback set version = version + 1 where site = $1 and id = $2 returning *)
            select c.caller, c.idempotency_key, c.body_hash, c.merchant, c.payer, c.status, c.outcome, c.end_reason, c.state, c.version,
                   c.charge, c.last_event, c.created_at, n.member_number, n.merchant_number
            from opened c left join callback_number n on n.site = c.site and n.callback = c.id
            """,
            """
            select attempt, dialog, answered_at, ended from attempt
            where site = $1 and callback = $2 and attempt is not null order by created_at, key
            """);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        var columns = Columns(site, reader);
        await reader.NextResultAsync(cancellation);
        return LedgerRows.ToCallRow(columns, await AllAsync(reader, Attempt, cancellation));
    }

    public static async Task<IReadOnlyList<CallEvent>> EventsAsync(
        NpgsqlDataSource source, string site, string callback, long after, CancellationToken cancellation)
    {
        await using var batch = Batch(
            source, [site, callback, after],
            """
            select number, at, status, outcome, end_reason, charge from call_event
            where site = $1 and callback = $2 and number > $3 order by number
            """);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await AllAsync(reader, Event, cancellation);
    }

    public static async Task<IReadOnlyList<(string Site, string Callback)>> ExpiredAsync(
        NpgsqlDataSource source, bool all, int most, CancellationToken cancellation)
    {
        await using var batch = Batch(
            source, [all, most],
            """
            select site, callback from hold
            where state = 'pending' and ($1 or expires_at < clock_timestamp()) order by expires_at limit $2
            """);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await AllAsync(reader, r => (r.GetString(0), r.GetString(1)), cancellation);
    }

    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? Long(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static DateTimeOffset At(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    public static async Task<List<T>> AllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Statements over the same parameters in one implicit transaction and one round trip.</summary>
    static NpgsqlBatch Batch(NpgsqlDataSource source, object[] values, params ReadOnlySpan<string> statements)
    {
        var batch = source.CreateBatch();
        foreach (var statement in statements)
        {
            var command = new NpgsqlBatchCommand(statement);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    static HoldRow Hold(NpgsqlDataReader r) =>
        new(r.GetString(0), r.GetString(1), r.GetInt32(2), new(r.GetInt64(3)), TimeSpan.FromMilliseconds(r.GetInt64(4)));

    static AttemptRow Attempt(NpgsqlDataReader r) => new(
        LedgerJson.Read<LegAttempt>(r.GetString(0)), r.Text(1), r.IsDBNull(2) ? null : r.At(2), LedgerJson.Read<LegEnded>(r.Text(3)));

    static CallEvent Event(NpgsqlDataReader r) => new(
        r.GetInt64(0),
        r.At(1),
        WireName.Parse<CallStatus>(r.GetString(2)),
        r.Text(3) is { } outcome ? WireName.Parse<CallOutcome>(outcome) : null,
        LedgerJson.Read<EndReason>(r.Text(4)),
        r.Long(5) is { } charge ? new Money(charge) : null);

    static CallColumns Columns(string site, NpgsqlDataReader r) => new(
        site, r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.Text(6), r.Text(7), r.GetString(8),
        r.GetInt64(9), r.Long(10), r.GetInt64(11), r.At(12), r.Text(13), r.Text(14));
}
