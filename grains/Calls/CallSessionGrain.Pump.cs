namespace OrleansCallback.Calls;

/// <summary>One input after another, and who waits for what becomes of it.</summary>
sealed partial class CallSessionGrain
{
    readonly Queue<CallInput> inputs = new();
    readonly List<(Func<bool> Met, TaskCompletionSource Done)> waiting = [];
    readonly CancellationTokenSource stopping = new();
    CallState? state;
    CallState? stored;
    string? bodyHash;
    bool deciding;
    bool stopped;

    void Post(CallInput input)
    {
        if (stopped || state is null) return;
        inputs.Enqueue(input);
        if (deciding) return;
        deciding = true;
        try
        {
            while (!stopped && inputs.TryDequeue(out var next)) Take(next);
        }
        catch (InvalidOperationException broken)
        {
            // The memory contradicts itself; what is stored does not.
            LogBroken(Callback, state.Phase, broken);
            Abandon();
        }
        finally
        {
            deciding = false;
        }

        Release();
    }

    void Take(CallInput input)
    {
        var before = state!.Writing;
        var decision = CallFlow.Decide(state, input, clock.Now);
        state = decision.State;
        if (decision.Ignored) metrics.Ignored(Site);
        if (state.Writing.Durable != before.Durable) Publish(before.InFlight!.Snapshot);
        if (stored?.Phase != CallPhase.Ended) live.Set(Key, state.Legs().Where(leg => leg.Live).Select(leg => leg.Silo!));
        foreach (var effect in decision.Effects) Start(effect);
    }

    /// <summary>A state has become durable: only now is it shown.</summary>
    void Publish(CallState snapshot)
    {
        stored = snapshot;
        foreach (var step in snapshot.Writing.Events) AddToHistory(step);
        if (snapshot.Phase == CallPhase.Ended) Retire(snapshot);
        else DelayDeactivation(TimeSpan.MaxValue);
    }

    void Retire(CallState ended)
    {
        var outcome = ended.End!.Outcome;
        live.Remove(Key);
        metrics.Ended(Site, outcome);
        LogEnded(Callback, WireName.Of(outcome), ended.Charge ?? Money.Zero);
        DelayDeactivation(TimeSpan.FromSeconds(-1));
        _ = LeaveLater();
    }

    async Task LeaveLater()
    {
        await Task.Delay(CallLimits.Afterglow, clock.Time, stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (!stopped) DeactivateOnIdle();
    }

    /// <summary>Drops the memory; the next call to this grain goes on from what is stored.</summary>
    void Abandon()
    {
        Stop();
        DeactivateOnIdle();
    }

    void Stop()
    {
        if (stopped) return;
        stopped = true;
        stopping.Cancel();
        live.Remove(Key);
        Release();
    }

    /// <summary>Waits until a condition over the state is met, at most for a time.</summary>
    async Task Until(Func<bool> met, TimeSpan limit)
    {
        if (met() || stopped || limit <= TimeSpan.Zero) return;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entry = (met, done);
        waiting.Add(entry);
        try
        {
            await done.Task.WaitAsync(limit, clock.Time);
        }
        catch (TimeoutException)
        {
            waiting.Remove(entry);
        }
    }

    void Release()
    {
        for (var i = waiting.Count - 1; i >= 0; i--)
        {
            if (!stopped && !waiting[i].Met()) continue;
            waiting[i].Done.TrySetResult();
            waiting.RemoveAt(i);
        }

        Changed();
    }
}
