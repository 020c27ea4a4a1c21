using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger;

/// <summary>The columns of a call detail record as either driver reads them.</summary>
sealed record CdrColumns(
    string Callback, string Merchant, string Wallet, string Outcome, string EndReason, string RateVersion, string? LegA, string? LegB,
    long Charge, long Held, DateTimeOffset CreatedAt, DateTimeOffset EndedAt)
{
    public CallDetailRecord ToRecord() => new()
    {
        Callback = Callback,
        Merchant = Merchant,
        Wallet = Wallet,
        Outcome = WireName.Parse<CallOutcome>(Outcome),
        EndReason = LedgerJson.Read<EndReason>(EndReason),
        RateVersion = RateVersion,
        LegA = LedgerJson.Read<CdrLeg>(LegA),
        LegB = LedgerJson.Read<CdrLeg>(LegB),
        Charge = new(Charge),
        Held = new(Held),
        CreatedAt = CreatedAt,
        EndedAt = EndedAt,
    };
}
