using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger;

/// <summary>
/// The silo's one writer. While a transaction is on its way the next writes gather in the queue; the next transaction takes what waits.
/// </summary>
sealed partial class GroupCommitLedger : ILedger, IAsyncDisposable
{
    /// <summary>Writes that may wait; a burst beyond is rejected rather than answered late.</summary>
    const int MostQueued = 20_000;
    const int MostInBatch = 400;

    /// <summary>A caller is answered within it, whatever the database does.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);
    static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(1);

    static readonly WriteResult Rejected = new(WriteOutcome.Rejected);

    readonly ILedgerStore store;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly Channel<PendingWrite> queue = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(MostQueued) { SingleReader = true });
    readonly CancellationTokenSource stopping = new();
    readonly Task pump;
    volatile bool away;

    public GroupCommitLedger(ILedgerStore store, TimeProvider time, ILogger<GroupCommitLedger> logger)
    {
        (this.store, this.time, this.logger) = (store, time, logger);
        pump = Task.Run(PumpAsync);
    }

    /// <summary>True while the database is known to be away: writes are rejected at once.</summary>
    public bool IsAway => away;

    public async Task<WriteResult> Write(LedgerWrite write, CancellationToken cancellation)
    {
        LedgerWriteRules.Check(write);
        var pending = new PendingWrite(write);
        if (away || !queue.Writer.TryWrite(pending)) return Rejected;
        try
        {
            return await pending.Answer.WaitAsync(AnswerLimit, time, cancellation);
        }
        catch (TimeoutException)
        {
            return new(pending.Abandon());
        }
        catch (OperationCanceledException)
        {
            pending.Abandon();
            throw;
        }
    }

    public Task<WalletRow?> OpenWallet(string site, string wallet, CancellationToken cancellation) =>
        AskAsync(limit => store.OpenWalletAsync(site, wallet, limit), cancellation);

    public Task<CallRow?> OpenCall(string site, string callback, CancellationToken cancellation) =>
        AskAsync(limit => store.OpenCallAsync(site, callback, limit), cancellation);

    public Task<IReadOnlyList<CallEvent>> Events(string site, string callback, long after, CancellationToken cancellation) =>
        AskAsync(limit => store.EventsAsync(site, callback, after, limit), cancellation);

    public Task<IReadOnlyList<(string Site, string Callback)>> Expired(bool all, int most, CancellationToken cancellation) =>
        AskAsync(limit => store.ExpiredAsync(all, most, limit), cancellation);

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await Task.WhenAny(pump, Task.Delay(AnswerLimit, time));
        await stopping.CancelAsync();
        await pump;
        stopping.Dispose();
    }

    async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await ask(either.Token).WaitAsync(either.Token);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && (error is OperationCanceledException || IsAbsence(error)))
        {
            throw new LedgerUnavailableException($"The ledger's database did not answer within {AnswerLimit}: {error.Message}", error);
        }
    }

    static bool IsAbsence(Exception error) => error is System.Data.Common.DbException or TimeoutException or IOException;
}
