using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger.Sqlite;

/// <summary>The rows of a call, once its write has passed all checks.</summary>
sealed class SqliteCallWrite(SqliteStatements db, LedgerWrite write, CallWrite call)
{
    bool Ends => LedgerRows.IsTerminal(call.Status);

    public void Apply()
    {
        if (call.New is { } request) Insert(request);
        else Update();
        foreach (var attempt in call.Attempts) Upsert(attempt);
        foreach (var happened in call.Events) Insert(happened);
        if (Ends)
        {
            db.Execute("update callback set live_member = null, live_number = null where site = $0 and id = $1", call.Site, call.Callback);
            db.Execute(
                "update attempt set attempt = null, dialog = null where site = $0 and callback = $1 and attempt is not null",
                call.Site, call.Callback);
        }
    }

    void Insert(CallbackRequest request)
    {
        db.Execute(
            """
            insert into callback (site, id, caller, idempotency_key, body_hash, merchant, payer, status, outcome, end_reason, state, version,
                                  charge, last_event, live_member, live_number)
            values ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $13, $14)
            """,
            call.Site, call.Callback, request.Caller, request.IdempotencyKey, request.BodyHash, request.Merchant, WireName.Of(call.Payer),
            WireName.Of(call.Status), Outcome(call.Outcome), LedgerJson.Write(LedgerRows.EndReasonOf(write)), call.State,
            LedgerRows.ChargeOf(write)?.Micros, LedgerRows.LastEventOf(call), LedgerRows.LiveMemberOf(write), LedgerRows.LiveNumberOf(write));
        db.Execute(
            "insert into callback_number (site, callback, member_number, merchant_number) values ($0, $1, $2, $3)",
            call.Site, call.Callback, request.MemberNumber.E164, call.MerchantNumber);
    }

    void Update() => db.Execute(
        $"""
        update callback
        set status = $2, outcome = coalesce($3, outcome), end_reason = coalesce($4, end_reason), state = $5, version = version + 1,
            charge = coalesce($6, charge), last_event = max(last_event, $7), updated_at = {SqliteTime.Now}
        where site = $0 and id = $1
        """,
        call.Site, call.Callback, WireName.Of(call.Status), Outcome(call.Outcome), LedgerJson.Write(LedgerRows.EndReasonOf(write)),
        call.State, LedgerRows.ChargeOf(write)?.Micros, LedgerRows.LastEventOf(call));

    void Upsert(AttemptRow row) => db.Execute(
        """
        insert into attempt (site, callback, key, leg, number, trunk, silo, attempt, dialog, answered_at, ended)
        values ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (site, callback, key) do update set
            trunk = excluded.trunk, silo = excluded.silo, attempt = excluded.attempt, dialog = excluded.dialog,
            answered_at = excluded.answered_at, ended = excluded.ended
        """,
        call.Site, call.Callback, row.Attempt.Key, WireName.Of(row.Attempt.Leg), row.Attempt.Attempt, row.Attempt.Trunk, row.Attempt.Silo,
        Ends ? null : LedgerJson.Write(row.Attempt), Ends ? null : row.Dialog,
        row.AnsweredAt is { } at ? SqliteTime.Of(at) : null, LedgerJson.Write(row.Ended));

    void Insert(CallEvent happened) => db.Execute(
        """
        insert into call_event (site, callback, number, at, status, outcome, end_reason, charge)
        values ($0, $1, $2, $3, $4, $5, $6, $7)
        """,
        call.Site, call.Callback, happened.Number, SqliteTime.Of(happened.At), WireName.Of(happened.Status), Outcome(happened.Outcome),
        LedgerJson.Write(happened.EndReason), happened.Charge?.Micros);

    static string? Outcome(CallOutcome? outcome) => outcome is { } value ? WireName.Of(value) : null;
}
