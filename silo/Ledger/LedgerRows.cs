using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger;

/// <summary>What the rows of a write hold beyond its own fields, the same in both dialects.</summary>
static class LedgerRows
{
    public const string Cash = "cash";
    public const string Revenue = "revenue";
    public const string TopUp = "top_up";
    public const string Charge = "charge";
    public const string CallbackEnded = "callback_ended";

    public static string Account(string wallet) => $"wallet:{wallet}";

    /// <summary>Unique per site and wallet; the parts are escaped so that no two pairs share a name.</summary>
    public static string TransactionOf(WalletCredit credit) =>
        $"top_up/{Uri.EscapeDataString(credit.Wallet)}/{Uri.EscapeDataString(credit.Id)}";

    public static string ChargeOf(string holdId) => $"charge/{holdId}";

    public static bool IsTerminal(CallStatus status) => status is CallStatus.Completed or CallStatus.Failed or CallStatus.Canceled;

    /// <summary>The cause that the call's row keeps: the last event's, else the CDR's.</summary>
    public static EndReason? EndReasonOf(LedgerWrite write) =>
        write.Call?.Events.LastOrDefault(e => e.EndReason is not null)?.EndReason ?? write.Settlement?.Cdr.EndReason;

    public static Money? ChargeOf(LedgerWrite write) =>
        write.Settlement?.Captured ?? write.Call?.Events.LastOrDefault(e => e.Charge is not null)?.Charge;

    /// <summary>The member who is in no other live callback from this write on; null: no such rule.</summary>
    public static string? LiveMemberOf(LedgerWrite write) =>
        write is { Hold.Slice: 1, Call: { OneAtATime: true, New: { } request } } ? request.Caller.ToLowerInvariant() : null;

    /// <summary>The number that is rung for no other live callback from this write on; null: no such rule.</summary>
    public static string? LiveNumberOf(LedgerWrite write) =>
        write is { Hold.Slice: 1, Call: { OneAtATime: true, New: { } request } } ? request.MemberNumber.E164 : null;

    public static long LastEventOf(CallWrite call) => call.Events.Count == 0 ? 0 : call.Events[^1].Number;

    /// <summary>What the merchant's site is told of an ended callback; no telephone numbers.</summary>
    public static string OutboxPayload(CallDetailRecord cdr) => LedgerJson.Write(new
    {
        cdr.Callback, cdr.Merchant, cdr.Outcome, cdr.EndReason, cdr.Charge, cdr.CreatedAt, cdr.EndedAt,
    });

    public static CallRow ToCallRow(CallColumns row, IReadOnlyList<AttemptRow> attempts) => new(
        row.Version,
        new CallbackRequest(row.Site, row.Caller, row.IdempotencyKey, row.Merchant,
            row.MemberNumber is null ? default : PhoneNumber.FromE164(row.MemberNumber)),
        row.BodyHash,
        row.MerchantNumber,
        WireName.Parse<Payer>(row.Payer),
        WireName.Parse<CallStatus>(row.Status),
        row.Outcome is null ? null : WireName.Parse<CallOutcome>(row.Outcome),
        LedgerJson.Read<EndReason>(row.EndReason),
        row.State,
        attempts,
        row.CreatedAt,
        row.Charge is { } charge ? new Money(charge) : null,
        row.LastEvent);
}

/// <summary>The columns of a call's row with its numbers, as either driver reads them.</summary>
sealed record CallColumns(
    string Site, string Caller, string IdempotencyKey, string BodyHash, string Merchant, string Payer, string Status, string? Outcome,
    string? EndReason, string State, long Version, long? Charge, long LastEvent, DateTimeOffset CreatedAt, string? MemberNumber,
    string? MerchantNumber);
