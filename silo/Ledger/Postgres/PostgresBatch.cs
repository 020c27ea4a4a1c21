using System.Globalization;
using Npgsql;
using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger.Postgres;

/// <summary>Turns a batch of writes into the arrays of <c>ledger_write</c>.</summary>
sealed class PostgresBatch
{
    const short NoWallet = 0;
    const short PlaceHold = 1;
    const short RaiseHold = 2;
    const short Credit = 3;
    const short SettleHold = 4;
    const short EndWithoutHold = 5;

    readonly BatchColumns columns = new();
    readonly NpgsqlParameter<string> silo = new();
    readonly NpgsqlParameter<long> number = new();
    readonly WriteColumns writes;
    readonly CallRows calls;
    readonly AttemptRows attempts;
    readonly EventRows events;
    readonly CdrRows cdrs;

    public PostgresBatch()
    {
        writes = new(columns);
        calls = new(columns);
        attempts = new(columns);
        events = new(columns);
        cdrs = new(columns);
        Sql = $"select * from ledger_write({string.Join(", ", Enumerable.Range(1, columns.Parameters.Count + 2).Select(Placeholder))})";
    }

    public string Sql { get; }

    public void AddParametersTo(NpgsqlParameterCollection parameters)
    {
        parameters.Add(silo);
        parameters.Add(number);
        foreach (var parameter in columns.Parameters) parameters.Add(parameter);
    }

    public void Fill(string writer, long batch, IReadOnlyList<LedgerWrite> items)
    {
        (silo.TypedValue, number.TypedValue) = (writer, batch);
        columns.Clear();
        for (var i = 0; i < items.Count; i++) Add(i + 1, items[i]);
    }

    void Add(int item, LedgerWrite write)
    {
        writes.Add(write);
        if (write.Settlement is { } settlement) cdrs.Add(item, write.Site, settlement);
        if (write.Call is not { } call) return;
        calls.Add(item, write, call);
        var ends = LedgerRows.IsTerminal(call.Status);
        foreach (var attempt in call.Attempts) attempts.Add(item, call, attempt, ends);
        foreach (var happened in call.Events) events.Add(item, call, happened);
    }

    static string Placeholder(int position) => string.Create(CultureInfo.InvariantCulture, $"${position}");

    static string? Outcome(CallOutcome? outcome) => outcome is { } value ? WireName.Of(value) : null;

    sealed class WriteColumns(BatchColumns b)
    {
        readonly List<string?> site = b.Text();
        readonly List<short> op = b.Short();
        readonly List<string?> wallet = b.Text();
        readonly List<long?> epoch = b.LongOrNull();
        readonly List<string?> hold = b.Text(), callback = b.Text();
        readonly List<int> slice = b.Int();
        readonly List<long> amount = b.Long(), grant = b.Long(), expires = b.Long();
        readonly List<string?> transaction = b.Text(), currency = b.Text(), call = b.Text();
        readonly List<bool?> isNew = b.BoolOrNull();
        readonly List<long?> version = b.LongOrNull();
        readonly List<string?> liveMember = b.Text(), liveNumber = b.Text();

        public void Add(LedgerWrite write)
        {
            site.Add(write.Site);
            call.Add(write.Call?.Callback);
            isNew.Add(write.Call is { } c ? c.New is not null : null);
            version.Add(write.Call?.ExpectedVersion);
            liveMember.Add(LedgerRows.LiveMemberOf(write));
            liveNumber.Add(LedgerRows.LiveNumberOf(write));
            switch (write)
            {
                case { Hold: { } h }:
                    AddMoney(h.Slice == 1 ? PlaceHold : RaiseHold, h.Wallet, h.HoldId, h.Callback, h.Delta, null, null);
                    AddHold(h.Epoch, h.Slice, h.Grant, h.ExpiresIn);
                    return;
                case { Credit: { } top }:
                    AddMoney(Credit, top.Wallet, null, null, top.Amount, LedgerRows.TransactionOf(top), top.Currency);
                    break;
                case { Settlement: { HoldId: { } id } s }:
                    AddMoney(SettleHold, s.Wallet, id, s.Cdr.Callback, s.Captured, LedgerRows.ChargeOf(id), null);
                    break;
                case { Settlement: { } s }:
                    AddMoney(EndWithoutHold, null, null, s.Cdr.Callback, Money.Zero, null, null);
                    break;
                default:
                    AddMoney(NoWallet, null, null, null, Money.Zero, null, null);
                    break;
            }

            AddHold(null, 0, TimeSpan.Zero, TimeSpan.Zero);
        }

        void AddMoney(short kind, string? owner, string? holdId, string? of, Money money, string? name, string? unit)
        {
            op.Add(kind);
            wallet.Add(owner);
            hold.Add(holdId);
            callback.Add(of);
            amount.Add(money.Micros);
            transaction.Add(name);
            currency.Add(unit);
        }

        void AddHold(long? fence, int number, TimeSpan covers, TimeSpan expiresIn)
        {
            epoch.Add(fence);
            slice.Add(number);
            grant.Add((long)covers.TotalMilliseconds);
            expires.Add((long)expiresIn.TotalMilliseconds);
        }
    }

    sealed class CallRows(BatchColumns b)
    {
        readonly List<int> item = b.Int();
        readonly List<string?> site = b.Text(), id = b.Text(), caller = b.Text(), key = b.Text(), bodyHash = b.Text(), merchant = b.Text();
        readonly List<string?> payer = b.Text(), status = b.Text(), outcome = b.Text(), endReason = b.Text(), state = b.Text();
        readonly List<long?> charge = b.LongOrNull();
        readonly List<long> lastEvent = b.Long();
        readonly List<bool> ends = b.Bool();
        readonly List<string?> memberNumber = b.Text(), merchantNumber = b.Text();

        public void Add(int position, LedgerWrite write, CallWrite call)
        {
            item.Add(position);
            site.Add(call.Site);
            id.Add(call.Callback);
            caller.Add(call.New?.Caller);
            key.Add(call.New?.IdempotencyKey);
            bodyHash.Add(call.New?.BodyHash);
            merchant.Add(call.New?.Merchant);
            payer.Add(WireName.Of(call.Payer));
            status.Add(WireName.Of(call.Status));
            outcome.Add(Outcome(call.Outcome));
            endReason.Add(LedgerJson.Write(LedgerRows.EndReasonOf(write)));
            state.Add(call.State);
            charge.Add(LedgerRows.ChargeOf(write)?.Micros);
            lastEvent.Add(LedgerRows.LastEventOf(call));
            ends.Add(LedgerRows.IsTerminal(call.Status));
            memberNumber.Add(call.New?.MemberNumber.E164);
            merchantNumber.Add(call.MerchantNumber);
        }
    }

    sealed class AttemptRows(BatchColumns b)
    {
        readonly List<int> item = b.Int();
        readonly List<string?> site = b.Text(), callback = b.Text(), key = b.Text(), leg = b.Text();
        readonly List<int> number = b.Int();
        readonly List<string?> trunk = b.Text(), silo = b.Text(), attempt = b.Text(), dialog = b.Text();
        readonly List<DateTime?> answeredAt = b.TimeOrNull();
        readonly List<string?> ended = b.Text();

        public void Add(int position, CallWrite call, AttemptRow row, bool ends)
        {
            item.Add(position);
            site.Add(call.Site);
            callback.Add(call.Callback);
            key.Add(row.Attempt.Key);
            leg.Add(WireName.Of(row.Attempt.Leg));
            number.Add(row.Attempt.Attempt);
            trunk.Add(row.Attempt.Trunk);
            silo.Add(row.Attempt.Silo);
            attempt.Add(ends ? null : LedgerJson.Write(row.Attempt));
            dialog.Add(ends ? null : row.Dialog);
            answeredAt.Add(row.AnsweredAt?.UtcDateTime);
            ended.Add(LedgerJson.Write(row.Ended));
        }
    }

    sealed class EventRows(BatchColumns b)
    {
        readonly List<int> item = b.Int();
        readonly List<string?> site = b.Text(), callback = b.Text();
        readonly List<long> number = b.Long();
        readonly List<DateTime> at = b.Time();
        readonly List<string?> status = b.Text(), outcome = b.Text(), endReason = b.Text();
        readonly List<long?> charge = b.LongOrNull();

        public void Add(int position, CallWrite call, CallEvent happened)
        {
            item.Add(position);
            site.Add(call.Site);
            callback.Add(call.Callback);
            number.Add(happened.Number);
            at.Add(happened.At.UtcDateTime);
            status.Add(WireName.Of(happened.Status));
            outcome.Add(Outcome(happened.Outcome));
            endReason.Add(LedgerJson.Write(happened.EndReason));
            charge.Add(happened.Charge?.Micros);
        }
    }

    sealed class CdrRows(BatchColumns b)
    {
        readonly List<int> item = b.Int();
        readonly List<string?> site = b.Text(), callback = b.Text(), hold = b.Text(), wallet = b.Text(), merchant = b.Text();
        readonly List<string?> outcome = b.Text(), endReason = b.Text(), rateVersion = b.Text(), legA = b.Text(), legB = b.Text();
        readonly List<long> charge = b.Long(), held = b.Long();
        readonly List<DateTime> createdAt = b.Time(), endedAt = b.Time();
        readonly List<string?> payload = b.Text();

        public void Add(int position, string tenant, Settlement settlement)
        {
            var cdr = settlement.Cdr;
            item.Add(position);
            site.Add(tenant);
            callback.Add(cdr.Callback);
            hold.Add(settlement.HoldId);
            wallet.Add(cdr.Wallet);
            merchant.Add(cdr.Merchant);
            outcome.Add(WireName.Of(cdr.Outcome));
            endReason.Add(LedgerJson.Write(cdr.EndReason));
            rateVersion.Add(cdr.RateVersion);
            legA.Add(LedgerJson.Write(cdr.LegA));
            legB.Add(LedgerJson.Write(cdr.LegB));
            charge.Add(cdr.Charge.Micros);
            held.Add(cdr.Held.Micros);
            createdAt.Add(cdr.CreatedAt.UtcDateTime);
            endedAt.Add(cdr.EndedAt.UtcDateTime);
            payload.Add(LedgerRows.OutboxPayload(cdr));
        }
    }
}
