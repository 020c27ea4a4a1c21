using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger;

/// <summary>What every write must satisfy before it may enter the queue; a breach is a fault in the caller, not an outcome.</summary>
static class LedgerWriteRules
{
    public static void Check(LedgerWrite write)
    {
        var walletParts = (write.Hold is null ? 0 : 1) + (write.Credit is null ? 0 : 1) + (write.Settlement is null ? 0 : 1);
        Require(walletParts <= 1, "a write has one of hold, credit and settlement at most", write);
        Require(walletParts == 1 || write.Call is not null, "a write is not empty", write);
        Require(write.Call is null || write.Call.Site == write.Site, "the call's site is the write's", write);
        Require(write.Hold is null or { Slice: >= 1, Delta.Micros: >= 0 }, "a hold has slice 1 or above and never shrinks", write);
        Require(write.Credit is null or { Amount.Micros: > 0 }, "a credit is above zero", write);
        Require(write.Settlement is null || IsSound(write.Settlement), "a charge is what is captured, and nothing without a hold", write);
    }

    static bool IsSound(Settlement settlement) =>
        settlement.Captured >= Money.Zero
        && settlement.Cdr.Charge == settlement.Captured
        && (settlement.HoldId is not null || settlement.Captured == Money.Zero);

    static void Require(bool holds, string rule, LedgerWrite write)
    {
        if (!holds) throw new ArgumentException($"Broken rule of a ledger write: {rule}. The write: {write}", nameof(write));
    }
}
