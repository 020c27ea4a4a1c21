using System.Runtime.CompilerServices;

namespace OrleansCallback.Calls;

/// <summary>The durable events of the call, for any number of readers from one list: a slow reader holds nothing up and loses nothing.</summary>
sealed partial class CallSessionGrain
{
    readonly List<CallEvent> history = [];
    TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int subscribers;
    bool historyRead;

    public IAsyncEnumerable<CallEvent> Events(long after) => Follow(after);

    async IAsyncEnumerable<CallEvent> Follow(long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (!await Loaded()) yield break;
        await ReadHistory();
        if (subscribers >= CallLimits.MostSubscribers) throw new InvalidOperationException($"Call {Callback} has {subscribers} subscribers.");
        subscribers++;
        try
        {
            while (!stopped)
            {
                var signal = changed.Task;
                while (NextAfter(after) is { } next)
                {
                    yield return next;
                    after = next.Number;
                    if (next.Outcome is not null) yield break;
                }

                if (stored?.Phase == CallPhase.Ended && after >= stored.LastEvent) yield break;
                await signal.WaitAsync(cancellation);
            }
        }
        finally
        {
            subscribers--;
        }
    }

    CallEvent? NextAfter(long number) => history.FirstOrDefault(step => step.Number > number);

    async Task ReadHistory()
    {
        if (historyRead) return;
        var read = await ledger.Events(Site, Callback, 0, stopping.Token).WaitAsync(CallLimits.Step, clock.Time);
        foreach (var step in read) AddToHistory(step);
        historyRead = true;
    }

    void AddToHistory(CallEvent step)
    {
        var at = history.FindIndex(known => known.Number >= step.Number);
        if (at < 0) history.Add(step);
        else if (history[at].Number != step.Number) history.Insert(at, step);
    }

    void Changed()
    {
        var done = changed;
        changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        done.TrySetResult();
    }
}
