using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger.Sqlite;

/// <summary>Applies one write within the batch's transaction: first all checks, then all rows, so that a refused write leaves nothing.</summary>
sealed class SqliteWrite(SqliteStatements db, LedgerWrite write)
{
    sealed record WalletNow(long Epoch, long Sequence, long Available, string Currency);

    sealed record HoldNow(string Wallet, int Slice, long Amount, bool IsPending);

    string Site => write.Site;

    string? WalletId => write.Hold?.Wallet ?? write.Credit?.Wallet ?? (write.Settlement?.HoldId is null ? null : write.Settlement.Wallet);

    public WriteResult Apply()
    {
        var wallet = WalletId is { } id ? FindWallet(id) : null;
        var hold = (write.Hold?.HoldId ?? write.Settlement?.HoldId) is { } holdId ? FindHold(holdId) : null;
        var outcome = Check(wallet, hold);
        if (outcome != WriteOutcome.Committed) return new(outcome);
        var sequence = WalletId is null ? 0 : (wallet?.Sequence ?? 0) + 1;
        if (write.Hold is { } placed) WriteHold(placed);
        if (write.Credit is { } credit) WriteCredit(credit, sequence);
        if (write.Settlement is { } settlement) WriteSettlement(settlement, hold, sequence);
        if (write.Call is { } call) new SqliteCallWrite(db, write, call).Apply();
        return new(WriteOutcome.Committed, sequence, write.Settlement is null ? Money.Zero : new(hold?.Amount ?? 0));
    }

    /// <summary>What is there already wins over a fence: it tells a repeat that its first try was durable.</summary>
    WriteOutcome Check(WalletNow? wallet, HoldNow? hold)
    {
        if (IsThere(hold)) return WriteOutcome.Duplicate;
        if (write.Call is { New: null } call && !HasVersion(call)) return WriteOutcome.CallFenced;
        if (IsLiveElsewhere()) return WriteOutcome.AlreadyActive;
        return HoldFits(wallet, hold) && CreditFits(wallet) && SettlementFits(hold) ? WriteOutcome.Committed : WriteOutcome.WalletFenced;
    }

    bool IsThere(HoldNow? hold) =>
        (write.Hold is { Slice: 1 } placed && (hold is not null || HasHoldFor(placed.Callback)))
        || (write.Hold is { Slice: > 1 } raised && hold is not null && (!hold.IsPending || hold.Slice >= raised.Slice))
        || (write.Settlement is not null && hold is { IsPending: false })
        || (write.Settlement is { } settlement && Has("select 1 from cdr where site = $0 and callback = $1", settlement.Cdr.Callback))
        || (write.Credit is { } credit
            && Has("select 1 from entry where site = $0 and transaction_id = $1", LedgerRows.TransactionOf(credit)))
        || (write.Call is { New: { } request } call && IsPlaced(call, request));

    bool IsLiveElsewhere() =>
        (LedgerRows.LiveMemberOf(write) is { } member && Has("select 1 from callback where site = $0 and live_member = $1", member))
        || (LedgerRows.LiveNumberOf(write) is { } number && Has("select 1 from callback where site = $0 and live_number = $1", number));

    bool HoldFits(WalletNow? wallet, HoldNow? hold) => write.Hold is not { } placed || (
        wallet is not null
        && wallet.Epoch == placed.Epoch
        && wallet.Available >= placed.Delta.Micros
        && (placed.Slice == 1 || (hold is not null && hold.Slice == placed.Slice - 1 && hold.Wallet == placed.Wallet)));

    bool CreditFits(WalletNow? wallet) => write.Credit is not { } credit || wallet is null || wallet.Currency == credit.Currency;

    bool SettlementFits(HoldNow? hold) => write.Settlement is not { HoldId: not null } settlement
        || (hold is not null && hold.Wallet == settlement.Wallet && settlement.Captured.Micros <= hold.Amount);

    void WriteHold(WalletHold hold)
    {
        db.Execute(
            "update wallet set held = held + $2, sequence = sequence + 1 where site = $0 and id = $1", Site, hold.Wallet, hold.Delta.Micros);
        var grant = (long)hold.Grant.TotalMilliseconds;
        var expires = (long)hold.ExpiresIn.TotalMicroseconds;
        if (hold.Slice == 1)
        {
            db.Execute(
                $"""
                insert into hold (site, id, wallet, callback, slice, amount, grant_ms, expires_at)
                values ($0, $1, $2, $3, 1, $4, $5, {SqliteTime.Now} + $6)
                """,
                Site, hold.HoldId, hold.Wallet, hold.Callback, hold.Delta.Micros, grant, expires);
            return;
        }

        db.Execute(
            $"""
            update hold set slice = slice + 1, amount = amount + $2, grant_ms = $3, expires_at = {SqliteTime.Now} + $4
            where site = $0 and id = $1 and state = 'pending'
            """,
            Site, hold.HoldId, hold.Delta.Micros, grant, expires);
    }

    void WriteCredit(WalletCredit credit, long sequence)
    {
        db.Execute(
            """
            insert into wallet (site, id, posted, currency, sequence) values ($0, $1, $2, $3, 1)
            on conflict (site, id) do update set posted = posted + excluded.posted, sequence = sequence + 1
            """,
            Site, credit.Wallet, credit.Amount.Micros, credit.Currency);
        WriteEntries(LedgerRows.TransactionOf(credit), LedgerRows.TopUp, LedgerRows.Cash, credit.Wallet, credit.Amount.Micros, sequence, null);
    }

    void WriteSettlement(Settlement settlement, HoldNow? hold, long sequence)
    {
        if (settlement.HoldId is { } id && hold is not null)
        {
            var captured = settlement.Captured.Micros;
            db.Execute(
                $"""
                update hold set state = 'resolved', captured = $2, released = amount - $2, resolved_at = {SqliteTime.Now}
                where site = $0 and id = $1 and state = 'pending'
                """,
                Site, id, captured);
            db.Execute(
                "update wallet set posted = posted - $2, held = held - $3, sequence = sequence + 1 where site = $0 and id = $1",
                Site, settlement.Wallet, captured, hold.Amount);
            if (captured > 0)
            {
                WriteEntries(
                    LedgerRows.ChargeOf(id), LedgerRows.Charge, LedgerRows.Revenue, settlement.Wallet, -captured, sequence,
                    settlement.Cdr.Callback);
            }
        }

        WriteCdr(settlement);
    }

    void WriteCdr(Settlement settlement)
    {
        var cdr = settlement.Cdr;
        db.Execute(
            """
            insert into cdr (site, callback, hold, wallet, merchant, outcome, end_reason, rate_version, leg_a, leg_b, charge, held,
                             created_at, ended_at)
            values ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            Site, cdr.Callback, settlement.HoldId, cdr.Wallet, cdr.Merchant, WireName.Of(cdr.Outcome), LedgerJson.Write(cdr.EndReason),
            cdr.RateVersion, LedgerJson.Write(cdr.LegA), LedgerJson.Write(cdr.LegB), cdr.Charge.Micros, cdr.Held.Micros,
            SqliteTime.Of(cdr.CreatedAt), SqliteTime.Of(cdr.EndedAt));
        db.Execute(
            "insert into outbox (site, callback, kind, payload) values ($0, $1, $2, $3)",
            Site, cdr.Callback, LedgerRows.CallbackEnded, LedgerRows.OutboxPayload(cdr));
    }

    void WriteEntries(string transaction, string kind, string against, string wallet, long amount, long sequence, string? callback)
    {
        WriteLine(1, LedgerRows.Account(wallet), sequence, amount);
        WriteLine(2, against, null, -amount);

        void WriteLine(int line, string account, long? number, long value) => db.Execute(
            """
            insert into entry (site, transaction_id, line, account, sequence, amount, kind, callback)
            values ($0, $1, $2, $3, $4, $5, $6, $7)
            """,
            Site, transaction, line, account, number, value, kind, callback);
    }

    WalletNow? FindWallet(string id) => db.First(
        "select epoch, sequence, posted + credit_limit - held, currency from wallet where site = $0 and id = $1",
        r => new WalletNow(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetString(3)),
        Site, id);

    HoldNow? FindHold(string id) => db.First(
        "select wallet, slice, amount, state = 'pending' from hold where site = $0 and id = $1",
        r => new HoldNow(r.GetString(0), r.GetInt32(1), r.GetInt64(2), r.GetBoolean(3)),
        Site, id);

    bool HasHoldFor(string callback) => Has("select 1 from hold where site = $0 and callback = $1", callback);

    bool HasVersion(CallWrite call) => db.Any(
        "select 1 from callback where site = $0 and id = $1 and version = $2", Site, call.Callback, call.ExpectedVersion);

    bool IsPlaced(CallWrite call, CallbackRequest request) => db.Any(
        "select 1 from callback where site = $0 and (id = $1 or (caller = $2 and idempotency_key = $3))",
        Site, call.Callback, request.Caller, request.IdempotencyKey);

    bool Has(string sql, string id) => db.Any(sql, Site, id);
}
