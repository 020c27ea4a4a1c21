using Orleans.Concurrency;

namespace OrleansCallback.Wallets;

/// <summary>Lets web nodes read the ledger without a connection of their own; several per silo, none of them holds state.</summary>
[StatelessWorker]
public sealed class LedgerReadGrain(ILedgerReader reader) : Grain, ILedgerReadGrain
{
    /// <summary>Entries of one page: what a message may reasonably carry.</summary>
    const int MostEntries = 2_000;

    static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    string Site => this.GetPrimaryKeyString();

    public async Task<IReadOnlyList<LedgerEntry>> Entries(string wallet, long after, int most)
    {
        using var limit = new CancellationTokenSource(ReadLimit);
        return await reader.EntriesAsync(Site, wallet, after, Math.Clamp(most, 1, MostEntries), limit.Token);
    }

    public async Task<CallDetailRecord?> Cdr(string callback)
    {
        using var limit = new CancellationTokenSource(ReadLimit);
        return await reader.CdrAsync(Site, callback, limit.Token);
    }
}
