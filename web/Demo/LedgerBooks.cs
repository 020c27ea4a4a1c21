namespace OrleansCallback.Web.Demo;

/// <summary>What stands in the ledger about one callback, read by SQL.</summary>
/// <param name="Rows">The rows as text, for the reader.</param>
/// <param name="EntrySums">Sum of each transaction's entries, over the whole ledger.</param>
/// <param name="WalletCharge">What the callback's entries took from wallets.</param>
/// <param name="CdrCharge">The charge in its CDR; null without one.</param>
/// <param name="Cdrs">Its CDRs.</param>
/// <param name="Events">Its events.</param>
/// <param name="PendingHolds">Holds of the whole ledger that are not resolved.</param>
/// <param name="HoldsAmiss">Holds of the callback whose captured and released do not make up the amount, or whose captured is not the charge.</param>
/// <param name="WalletsAmiss">Wallets whose balance is not the sum of their entries or who hold money without a pending hold.</param>
public sealed record LedgerBooks(
    IReadOnlyList<string> Rows,
    IReadOnlyDictionary<string, long> EntrySums,
    long WalletCharge,
    long? CdrCharge,
    long Cdrs,
    long Events,
    long PendingHolds,
    long HoldsAmiss,
    long WalletsAmiss)
{
    /// <summary>What must be true of it and is not, a sentence each.</summary>
    public IEnumerable<string> Wrong(DemoCall call)
    {
        var told = call.Final?.ChargeMicros;
        foreach (var (transaction, sum) in EntrySums.Where(pair => pair.Value != 0))
            yield return $"the entries of transaction {transaction} sum to {sum}, not to zero.";
        if (Cdrs != 1)
            yield return $"the callback has {Cdrs} CDRs, not one.";
        if (CdrCharge != told || WalletCharge != (told ?? 0))
            yield return $"the charge told is {told}, the CDR's {CdrCharge}, the entries' {WalletCharge}.";
        if (Events != call.Events.Count)
            yield return $"{Events} events are stored, {call.Events.Count} were told.";
        if (PendingHolds != 0)
            yield return $"{PendingHolds} holds are left.";
        if (HoldsAmiss != 0)
            yield return "the callback's hold was not resolved to its charge and the rest.";
        if (WalletsAmiss != 0)
            yield return $"{WalletsAmiss} wallets do not agree with their entries and holds.";
    }
}
