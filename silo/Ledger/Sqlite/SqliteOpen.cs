using System.Globalization;
using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger.Sqlite;

/// <summary>Takes over wallets and calls, and reads what the session and the sweeper ask for.</summary>
static class SqliteOpen
{
    public static WalletRow? Wallet(SqliteStatements db, string site, string wallet)
    {
        var row = db.First(
            """
            update wallet set epoch = epoch + 1 where site = $0 and id = $1
            returning epoch, sequence, posted, held, credit_limit, currency
            """,
            r => new WalletRow(
                wallet, r.GetInt64(0), r.GetInt64(1), new(r.GetInt64(2)), new(r.GetInt64(3)), new(r.GetInt64(4)), r.GetString(5), []),
            site, wallet);
        return row is null ? null : row with { Pending = Holds(db, site, wallet) };
    }

    public static CallRow? Call(SqliteStatements db, string site, string callback)
    {
        if (db.Execute("update callback set version = version + 1 where site = $0 and id = $1", site, callback) == 0) return null;
        var attempts = db.All(
            """
            select attempt, dialog, answered_at, ended from attempt
            where site = $0 and callback = $1 and attempt is not null order by created_at, key
            """,
            r => new AttemptRow(
                LedgerJson.Read<LegAttempt>(r.GetString(0)), r.Text(1), r.IsDBNull(2) ? null : r.At(2), LedgerJson.Read<LegEnded>(r.Text(3))),
            site, callback);
        return LedgerRows.ToCallRow(Columns(db, site, callback), attempts);
    }

    public static IReadOnlyList<CallEvent> Events(SqliteStatements db, string site, string callback, long after) => db.All(
        """
        select number, at, status, outcome, end_reason, charge from call_event
        where site = $0 and callback = $1 and number > $2 order by number
        """,
        r => new CallEvent(
            r.GetInt64(0),
            r.At(1),
            WireName.Parse<CallStatus>(r.GetString(2)),
            r.Text(3) is { } outcome ? WireName.Parse<CallOutcome>(outcome) : null,
            LedgerJson.Read<EndReason>(r.Text(4)),
            r.Long(5) is { } charge ? new Money(charge) : null),
        site, callback, after);

    public static IReadOnlyList<(string Site, string Callback)> Expired(SqliteStatements db, bool all, int most) => db.All(
        string.Create(CultureInfo.InvariantCulture, $"""
            select site, callback from hold
            where state = 'pending' and ($0 or expires_at < {SqliteTime.Now}) order by expires_at limit $1
            """),
        r => (r.GetString(0), r.GetString(1)),
        all, most);

    static List<HoldRow> Holds(SqliteStatements db, string site, string wallet) => db.All(
        "select id, callback, slice, amount, grant_ms from hold where site = $0 and wallet = $1 and state = 'pending' order by id",
        r => new HoldRow(r.GetString(0), r.GetString(1), r.GetInt32(2), new(r.GetInt64(3)), TimeSpan.FromMilliseconds(r.GetInt64(4))),
        site, wallet);

    static CallColumns Columns(SqliteStatements db, string site, string callback) => db.First(
        """
        select c.caller, c.idempotency_key, c.body_hash, c.merchant, c.payer, c.status, c.outcome, c.end_reason, c.state, c.version,
               c.charge, c.last_event, c.created_at, n.member_number, n.merchant_number
        from callback c left join callback_number n on n.site = c.site and n.callback = c.id
        where c.site = $0 and c.id = $1
        """,
        r => new CallColumns(
            site, r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.Text(6), r.Text(7),
            r.GetString(8), r.GetInt64(9), r.Long(10), r.GetInt64(11), r.At(12), r.Text(13), r.Text(14)),
        site, callback) ?? throw new InvalidOperationException($"Callback {site}/{callback} vanished within a transaction.");
}
