using System.Diagnostics.CodeAnalysis;
using OrleansCallback.Calls;

namespace OrleansCallback.Web.Callbacks;

/// <summary>
/// The events of one callback on this node: reads them from the session once, keeps them while somebody reads here, and hands each to
/// every reader. A reader whose buffer is full is cut off and comes back with its last number; the others notice nothing.
/// </summary>
public sealed partial class CallEventFeed(
    string callback, Func<long, IAsyncEnumerable<CallEvent>> read, TimeProvider time, ILogger<CallEventFeed> log) : IDisposable
{
    /// <summary>Readers of one callback on one node.</summary>
    public const int MostReaders = 64;

    /// <summary>Subscriptions that may fail in a row before the readers are sent away.</summary>
    const int MostFailures = 10;

    static readonly TimeSpan PauseBetweenSubscriptions = TimeSpan.FromMilliseconds(250);

    readonly Lock gate = new();
    readonly List<CallEvent> seen = [];
    readonly HashSet<CallEventReader> readers = [];
    readonly CancellationTokenSource stop = new();
    bool over;

    /// <summary>The callback's id.</summary>
    public string Callback => callback;

    /// <summary>Begins to read from the session.</summary>
    public void Start(CancellationToken nodeStops) => _ = PumpAsync(nodeStops);

    /// <summary>Gives up the subscription; nobody reads here any more.</summary>
    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    /// <summary>Adds a reader, which first gets what has been seen after its number.</summary>
    public bool TryJoin(long after, Action<CallEventFeed, CallEventReader> leave, [NotNullWhen(true)] out CallEventReader? reader)
    {
        lock (gate)
        {
            reader = readers.Count < MostReaders
                ? new([.. seen.Where(step => step.Number > after)], after, over, gone => leave(this, gone))
                : null;
            return reader is not null && readers.Add(reader);
        }
    }

    /// <summary>Removes a reader; true if it was the last.</summary>
    public bool Leave(CallEventReader reader)
    {
        lock (gate)
            return readers.Remove(reader) && readers.Count == 0;
    }

    async Task PumpAsync(CancellationToken nodeStops)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, nodeStops);
        for (var failures = 0; failures < MostFailures && !over && !either.IsCancellationRequested;)
            failures = await SubscribeAsync(either.Token) ? 0 : failures + 1;
        End();
    }

    /// <summary>Reads until the subscription ends; true if it brought anything.</summary>
    async Task<bool> SubscribeAsync(CancellationToken cancellation)
    {
        var before = seen.Count;
        try
        {
            await foreach (var step in read(LastSeen).WithCancellation(cancellation))
            {
                if (Publish(step))
                    return true;
            }

            await Task.Delay(PauseBetweenSubscriptions, time, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception error)
        {
            SubscriptionFailed(error, callback);
            await Task.Delay(PauseBetweenSubscriptions, time, CancellationToken.None);
        }

        return seen.Count > before;
    }

    long LastSeen => seen.Count == 0 ? 0 : seen[^1].Number;

    /// <summary>Hands on an event; true if it is the final one. One that was seen before is not told twice.</summary>
    bool Publish(CallEvent step)
    {
        lock (gate)
        {
            if (step.Number <= LastSeen)
                return false;
            seen.Add(step);
            foreach (var reader in readers)
                reader.Offer(step);
            return over = step.Status.IsFinal();
        }
    }

    void End()
    {
        lock (gate)
        {
            over = true;
            foreach (var reader in readers)
                reader.End();
        }
    }
}
