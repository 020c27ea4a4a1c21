namespace OrleansCallback.Wallets;

/// <summary>Reads of the ledger on connections that cannot write.</summary>
public interface ILedgerReader
{
    /// <summary>A wallet's own entries with a sequence above <paramref name="after"/>, oldest first.</summary>
    Task<IReadOnlyList<LedgerEntry>> EntriesAsync(string site, string wallet, long after, int most, CancellationToken cancellation);

    /// <summary>The call detail record of a callback, null before its settlement.</summary>
    Task<CallDetailRecord?> CdrAsync(string site, string callback, CancellationToken cancellation);
}
