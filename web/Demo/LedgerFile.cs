using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OrleansCallback.Web.Demo;

/// <summary>Reads the ledger's file with SQL of its own, sharing nothing with the code that wrote it.</summary>
public static class LedgerFile
{
    static readonly (string Title, string Sql)[] Shown =
    [
        ("hold", "select id, wallet, slice, amount, state, captured, released from hold where callback = $callback"),
        ("entry", "select transaction_id, line, account, sequence, amount, kind from entry where callback = $callback order by transaction_id, line"),
        ("cdr", "select outcome, charge, wallet, rate_version from cdr where callback = $callback"),
        ("cdr.a", CdrLeg("leg_a")),
        ("cdr.b", CdrLeg("leg_b")),
        ("outbox", "select kind from outbox where callback = $callback"),
        ("wallet", "select w.id, w.posted, w.held, w.sequence from wallet w join hold h on h.site = w.site and h.wallet = w.id where h.callback = $callback"),
    ];

    static string CdrLeg(string leg) =>
        $"""
        select {leg} ->> 'trunk' as trunk, {leg} ->> 'talk' as talk, {leg} ->> 'end' as "end", {leg} ->> 'sip_code' as sip_code,
            {leg} ->> 'packets_in' as packets_in, {leg} ->> 'packets_out' as packets_out, {leg} ->> 'price' as price
        from cdr where callback = $callback and {leg} is not null
        """;

    /// <summary>Reads what there is about a callback, and whether the whole ledger agrees with itself.</summary>
    public static async Task<LedgerBooks> ReadAsync(string file, string callback, CancellationToken cancellation)
    {
        await using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await database.OpenAsync(cancellation);
        var rows = new List<string>();
        foreach (var (title, sql) in Shown)
        {
            foreach (var row in await RowsAsync(database, sql, callback, cancellation))
                rows.Add($"{title,-7} {string.Join("  ", row.Where(column => column.Value is not null).Select(column => $"{column.Name}={column.Value}"))}");
        }

        Task<long?> Number(string sql) => NumberAsync(database, sql, callback, cancellation);
        return new(
            rows,
            await SumsAsync(database, cancellation),
            -(await Number("select sum(amount) from entry where callback = $callback and account like 'wallet:%'") ?? 0),
            await Number("select charge from cdr where callback = $callback"),
            await Number("select count(*) from cdr where callback = $callback") ?? 0,
            await Number("select count(*) from call_event where callback = $callback") ?? 0,
            await Number("select count(*) from hold where state = 'pending'") ?? 0,
            await Number("""
                select count(*) from hold where callback = $callback and (state <> 'resolved' or captured + released <> amount
                    or captured <> (select charge from cdr where callback = $callback))
                """) ?? 0,
            await Number("""
                select count(*) from wallet w where
                    posted <> (select coalesce(sum(amount), 0) from entry e where e.site = w.site and e.account = 'wallet:' || w.id)
                    or held <> (select coalesce(sum(amount), 0) from hold h where h.site = w.site and h.wallet = w.id and h.state = 'pending')
                """) ?? 0);
    }

    static async Task<IReadOnlyDictionary<string, long>> SumsAsync(SqliteConnection database, CancellationToken cancellation)
    {
        var rows = await RowsAsync(database, "select site || '/' || transaction_id, sum(amount) from entry group by 1", "", cancellation);
        return rows.ToDictionary(row => $"{row[0].Value}", row => Convert.ToInt64(row[1].Value, CultureInfo.InvariantCulture));
    }

    static async Task<long?> NumberAsync(SqliteConnection database, string sql, string callback, CancellationToken cancellation)
    {
        var rows = await RowsAsync(database, sql, callback, cancellation);
        return rows.Count == 0 || rows[0][0].Value is not { } value ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
    }

    static async Task<List<(string Name, object? Value)[]>> RowsAsync(
        SqliteConnection database, string sql, string callback, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this file; the callback is a parameter.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$callback", callback);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<(string, object?)[]>();
        while (await reader.ReadAsync(cancellation))
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(at => (reader.GetName(at), reader.IsDBNull(at) ? null : reader.GetValue(at)))]);
        return rows;
    }
}
