using OrleansCallback.Calls;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// A leg's news until its session has made it durable: numbered from 1 without a gap, told again and again until acknowledged. Audio and
/// hang-up never wait for it.
/// </summary>
sealed class LegNewsQueue(string leg, Func<string, IReadOnlyList<LegNews>, Task<long>> report, TimeProvider time, Action<Exception> failed)
{
    /// <summary>How long a report may take before the next try goes out beside it.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Pause between tries while nothing new happens.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();
    readonly List<LegNews> unacknowledged = [];
    TaskCompletionSource added = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long last;
    bool pumping;

    /// <summary>Completes when the terminal news was acknowledged.</summary>
    public Task Told => told.Task;

    readonly TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds the next piece of news and lets it be told; never blocks.</summary>
    /// <param name="make">Makes the news from its number and the wall-clock time.</param>
    public void Add(Func<long, DateTimeOffset, LegNews> make)
    {
        lock (gate)
        {
            if (unacknowledged is [.., LegEnded] || told.Task.IsCompleted) return;
            unacknowledged.Add(make(++last, time.GetUtcNow()));
            added.TrySetResult();
            if (pumping) return;
            pumping = true;
        }

        _ = Task.Run(PumpAsync);
    }

    async Task PumpAsync()
    {
        while (Next() is { } batch)
        {
            try
            {
                Acknowledge(await report(leg, batch).WaitAsync(Patience, time));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                failed(error);
            }

            if (Behind(batch[^1].Number) is { } more) await more.WaitAsync(Pause, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    List<LegNews>? Next()
    {
        lock (gate)
        {
            if (unacknowledged.Count == 0)
            {
                pumping = false;
                return null;
            }

            if (added.Task.IsCompleted) added = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return [.. unacknowledged];
        }
    }

    void Acknowledge(long number)
    {
        lock (gate)
        {
            var ended = unacknowledged is [.., LegEnded terminal] && terminal.Number <= number;
            unacknowledged.RemoveAll(news => news.Number <= number);
            if (ended) told.TrySetResult();
        }
    }

    /// <summary>What to wait for before news that was told and not acknowledged is told again; null if there is newer news or none.</summary>
    Task? Behind(long reported)
    {
        lock (gate) return unacknowledged.Count > 0 && unacknowledged[^1].Number <= reported ? added.Task : null;
    }
}
