using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger;

/// <summary>A write on its way: in the queue, in a batch, answered. Its caller may stop waiting at any point.</summary>
sealed class PendingWrite(LedgerWrite write)
{
    const int Queued = 0;
    const int Taken = 1;
    const int Abandoned = 2;

    readonly TaskCompletionSource<WriteResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int state;

    public LedgerWrite Write => write;

    public Task<WriteResult> Answer => completion.Task;

    /// <summary>True while somebody waits for the answer.</summary>
    public bool IsWanted => Volatile.Read(ref state) != Abandoned;

    /// <summary>The writer takes it into a batch; false if its caller has gone.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Queued) == Queued;

    /// <summary>The caller waits no longer. In the queue it will never be written; in a batch nobody knows yet.</summary>
    public WriteOutcome Abandon() =>
        Interlocked.Exchange(ref state, Abandoned) == Queued ? WriteOutcome.Rejected : WriteOutcome.Unknown;

    public void Complete(WriteResult result) => completion.TrySetResult(result);

    public void Fault(Exception error) => completion.TrySetException(error);

    /// <summary>
    /// What no two writes of a batch may have in common, so that a batch can be checked as a set: the calls and the hold that it touches,
    /// the wallet that it credits.
    /// </summary>
    public IEnumerable<(char Kind, string Site, string Id)> Identities()
    {
        if (write.Call is { } call) yield return ('c', write.Site, call.Callback);
        if (write.Settlement is { } settlement)
        {
            if (settlement.Cdr.Callback != write.Call?.Callback) yield return ('c', write.Site, settlement.Cdr.Callback);
            if (settlement.HoldId is { } settled) yield return ('h', write.Site, settled);
        }

        if (write.Hold is { } hold)
        {
            if (hold.Callback != write.Call?.Callback) yield return ('c', write.Site, hold.Callback);
            yield return ('h', write.Site, hold.HoldId);
        }

        if (write.Credit is { } credit) yield return ('w', write.Site, credit.Wallet);
    }
}
