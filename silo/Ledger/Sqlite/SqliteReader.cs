using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger.Sqlite;

/// <summary>Reads the file on read-only connections.</summary>
sealed class SqliteReader(string file) : ILedgerReader
{
    public Task<IReadOnlyList<LedgerEntry>> EntriesAsync(string site, string wallet, long after, int most, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<LedgerEntry>>(
            db => db.All(
                """
                select transaction_id, account, sequence, amount, kind, callback, at from entry
                where site = $0 and account = $1 and sequence is not null and sequence > $2 order by sequence limit $3
                """,
                r => new LedgerEntry(r.GetString(0), r.GetString(1), r.Long(2), new(r.GetInt64(3)), r.GetString(4), r.Text(5), r.At(6)),
                site, LedgerRows.Account(wallet), after, most),
            cancellation);

    public Task<CallDetailRecord?> CdrAsync(string site, string callback, CancellationToken cancellation) => ReadAsync(
        db => db.First(
            """
            select callback, merchant, wallet, outcome, end_reason, rate_version, leg_a, leg_b, charge, held, created_at, ended_at
            from cdr where site = $0 and callback = $1
            """,
            r => new CdrColumns(
                r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.Text(6), r.Text(7),
                r.GetInt64(8), r.GetInt64(9), r.At(10), r.At(11)),
            site, callback)?.ToRecord(),
        cancellation);

    Task<T> ReadAsync<T>(Func<SqliteStatements, T> read, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var statements = new SqliteStatements(SqliteFile.OpenReader(file));
            return read(statements);
        },
        cancellation);
}
