using Npgsql;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger.Postgres;

/// <summary>Reads on connections whose transactions are read-only.</summary>
sealed class PostgresReader(PostgresConnections connections) : ILedgerReader
{
    public async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(
        string site, string wallet, long after, int most, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            select transaction_id, account, sequence, amount, kind, callback, at from entry
            where site = $1 and account = $2 and sequence is not null and sequence > $3 order by sequence limit $4
            """,
            site, LedgerRows.Account(wallet), after, most);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await PostgresOpen.AllAsync(
            reader,
            r => new LedgerEntry(r.GetString(0), r.GetString(1), r.Long(2), new(r.GetInt64(3)), r.GetString(4), r.Text(5), r.At(6)),
            cancellation);
    }

    public async Task<CallDetailRecord?> CdrAsync(string site, string callback, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            select callback, merchant, wallet, outcome, end_reason, rate_version, leg_a, leg_b, charge, held, created_at, ended_at
            from cdr where site = $1 and callback = $2
            """,
            site, callback);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Columns(reader).ToRecord() : null;
    }

    NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = connections.Reader.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }

    static CdrColumns Columns(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.Text(6), r.Text(7), r.GetInt64(8),
        r.GetInt64(9), r.At(10), r.At(11));
}
