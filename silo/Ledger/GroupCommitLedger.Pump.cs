using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger;

/// <summary>The loop that turns the queue into transactions. It ends with the silo alone: whatever fails is logged, answered and retried.</summary>
sealed partial class GroupCommitLedger
{
    readonly List<PendingWrite> batch = new(MostInBatch);
    readonly HashSet<(char Kind, string Site, string Id)> touched = [];

    async Task PumpAsync()
    {
        try
        {
            // Before the first write nobody needs the database, and at a start it may not have its tables yet.
            if (!await queue.Reader.WaitToReadAsync(stopping.Token)) return;
            await ConnectAsync();
            while (await queue.Reader.WaitToReadAsync(stopping.Token))
            {
                TakeBatch();
                await CommitOrFaultAsync([.. batch]);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            away = true;
        }
    }

    /// <summary>Takes what waits, up to the bound or to the first write that touches what another of the batch touches.</summary>
    void TakeBatch()
    {
        batch.Clear();
        touched.Clear();
        while (batch.Count < MostInBatch && queue.Reader.TryPeek(out var next) && TryTouch(next))
        {
            queue.Reader.TryRead(out _);
            if (next.TryTake()) batch.Add(next);
        }
    }

    bool TryTouch(PendingWrite write)
    {
        foreach (var identity in write.Identities())
            if (touched.Contains(identity)) return false;
        touched.UnionWith(write.Identities());
        return true;
    }

    async Task CommitOrFaultAsync(PendingWrite[] writes)
    {
        try
        {
            await CommitAsync(writes);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A broken invariant faults those whom it concerns, not the silo's writer.
            LogFailed(logger, error, writes.Length);
            foreach (var write in writes) write.Fault(error);
        }
    }

    async Task CommitAsync(PendingWrite[] writes)
    {
        var retry = FirstBackOff;
        var again = true;
        while ((writes = [.. writes.Where(write => write.IsWanted)]).Length > 0)
        {
            switch (await WriteAsync(writes))
            {
                case BatchOutcome.Applied(var results):
                    Answer(writes, results);
                    return;
                case BatchOutcome.Faulty faulty when writes.Length > 1:
                    LogBisected(logger, writes.Length, faulty.Error.Message);
                    await CommitAsync(writes[..(writes.Length / 2)]);
                    await CommitAsync(writes[(writes.Length / 2)..]);
                    return;
                // Another silo's commit came between check and insert: the second try sees its row.
                case BatchOutcome.Faulty { Fault: DataFault.Identity } when again:
                    again = false;
                    break;
                case BatchOutcome.Faulty faulty:
                    AnswerFaulty(writes[0], faulty);
                    return;
                case BatchOutcome.NotApplied(var error):
                    LogNotApplied(logger, error, writes.Length);
                    await Task.Delay(retry, time, stopping.Token);
                    retry = Longer(retry);
                    break;
                case BatchOutcome.Lost(var error):
                    LogLost(logger, error, writes.Length);
                    if (await RecoverAsync() is not { } found) break;
                    Answer(writes, found);
                    return;
            }
        }
    }

    async Task<BatchOutcome> WriteAsync(PendingWrite[] writes)
    {
        try
        {
            return await store.WriteAsync(Array.ConvertAll(writes, write => write.Write), stopping.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // What a store does not know to be data or absence is a fault of ours: it must not end the writer.
            LogFailed(logger, error, writes.Length);
            return new BatchOutcome.Faulty(DataFault.Other, error);
        }
    }

    async Task<IReadOnlyList<WriteResult>?> RecoverAsync()
    {
        IReadOnlyList<WriteResult>? found = null;
        await UntilItAnswersAsync(async () => found = await store.RecoverAsync(stopping.Token));
        return found;
    }

    Task ConnectAsync() => UntilItAnswersAsync(() => store.ConnectAsync(stopping.Token));

    async Task UntilItAnswersAsync(Func<Task> ask)
    {
        for (var wait = FirstBackOff; ; wait = Longer(wait))
        {
            try
            {
                await ask();
                if (away) LogBack(logger);
                away = false;
                return;
            }
            catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                if (!away) LogAway(logger, error);
                away = true;
                await Task.Delay(wait, time, stopping.Token);
            }
        }
    }

    static void Answer(PendingWrite[] writes, IReadOnlyList<WriteResult> results)
    {
        if (results.Count != writes.Length)
            throw new InvalidOperationException($"{results.Count} answers came for {writes.Length} writes.");
        for (var i = 0; i < writes.Length; i++) writes[i].Complete(results[i]);
    }

    static void AnswerFaulty(PendingWrite write, BatchOutcome.Faulty faulty)
    {
        switch (faulty.Fault)
        {
            case DataFault.Identity: write.Complete(new(WriteOutcome.Duplicate)); break;
            case DataFault.Floor: write.Complete(new(WriteOutcome.WalletFenced)); break;
            default: write.Fault(new InvalidOperationException($"The ledger refuses {write.Write}: {faulty.Error.Message}", faulty.Error)); break;
        }
    }

    static TimeSpan Longer(TimeSpan wait) => wait * 2 < LongestBackOff ? wait * 2 : LongestBackOff;
}
