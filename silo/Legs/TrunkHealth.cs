using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansCallback.Calls;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>How this silo's trunks do: fed by every call and OPTIONS, asked before every call. Safe from any thread.</summary>
sealed partial class TrunkHealth : IDisposable
{
    readonly ConcurrentDictionary<string, TrunkBreaker> breakers = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> failing = new(StringComparer.Ordinal);
    readonly Meter meter = new("OrleansCallback.Trunks");
    readonly Counter<long> changes;
    readonly TrunkRegistrations registrations;
    readonly TimeProvider time;
    readonly ILogger<TrunkHealth> logger;

    public TrunkHealth(TrunkCatalog catalog, TrunkRegistrations registrations, TimeProvider time, ILogger<TrunkHealth> logger)
    {
        (this.registrations, this.time, this.logger) = (registrations, time, logger);
        meter.CreateObservableGauge("callback.trunk.up", () => catalog.Current.Owned().Select(trunk =>
            new Measurement<int>(State(trunk).Pause is null ? 1 : 0, new KeyValuePair<string, object?>("trunk", trunk))),
            description: "1: takes calls; 0: rests, is down or is not registered.");
        meter.CreateObservableGauge("callback.trunk.version", () => catalog.Current.Version, description: "Version of the trunks and routes in force.");
        changes = meter.CreateCounter<long>("callback.trunk.changes", description: "Changes of a trunk's condition.");
        registrations.Changed += () => Changed?.Invoke();
        catalog.Changed += before =>
        {
            // Another address or password is another chance.
            foreach (var id in catalog.Current.ChangedSince(before))
            {
                breakers.TryRemove(id, out _);
                failing.TryRemove(id, out _);
            }
        };
    }

    /// <summary>Raised when a trunk's condition or registration has changed.</summary>
    public event Action? Changed;

    /// <summary>How a trunk does, and for how long no call can go out; null: one can.</summary>
    public (TrunkCondition Condition, TimeSpan? Pause) State(string trunk)
    {
        // Nobody knows when it will be registered: the pause is over as soon as that is told, and is renewed before it ends.
        if (registrations.IsMissing(trunk)) return (TrunkCondition.Unregistered, TrunkBook.LeaseTime);
        var (breaker, now) = (Of(trunk), Now);
        lock (breaker) return (breaker.Condition, breaker.MayCall(now) ? null : breaker.Until - now);
    }

    /// <summary>Whether a call may go out; the first one after a pause finds out for all.</summary>
    public bool TryCall(string trunk)
    {
        if (registrations.IsMissing(trunk)) return false;
        var (breaker, now) = (Of(trunk), Now);
        bool may, rested;
        lock (breaker)
        {
            var before = breaker.Condition;
            may = breaker.TryCall(now);
            rested = before == TrunkCondition.Resting && breaker.Condition == TrunkCondition.Up;
        }

        if (rested) Show(trunk, TrunkCondition.Up, default, "its rest is over");
        return may;
    }

    /// <summary>Raised when a carrier has answered a call with anything that is no fault of its own.</summary>
    public event Action<string>? CallAnswered;

    /// <summary>The carrier is there.</summary>
    public void Answered(string trunk) => Take(trunk, "it answers", (breaker, now) => breaker.Answered(now));

    /// <summary>The carrier has answered a call.</summary>
    public void Called(string trunk)
    {
        CallAnswered?.Invoke(trunk);
        Answered(trunk);
    }

    /// <summary>The carrier did not answer, or said that it cannot.</summary>
    public void Failed(string trunk, string why, TimeSpan? retryAfter = null) =>
        Take(trunk, why, (breaker, now) => breaker.Failed(retryAfter, now));

    /// <summary>A final response to an INVITE: what a fault of the trunk is counts as failure, anything else as life.</summary>
    public void Refused(string trunk, Sip.Refused refused, LegEnded ended)
    {
        if (refused.Code is not (408 or >= 500) || !LegOutcomes.IsFaultOfTrunk(ended)) Called(trunk);
        else Failed(trunk, $"INVITE was answered with {refused.Code}", refused.Code == 503 ? refused.RetryAfter : null);
    }

    public void Dispose() => meter.Dispose();

    TimeSpan Now => time.GetElapsedTime(0);

    TrunkBreaker Of(string trunk) => breakers.GetOrAdd(trunk, _ => new());

    void Take(string trunk, string why, Func<TrunkBreaker, TimeSpan, bool> what)
    {
        var (breaker, now) = (Of(trunk), Now);
        TrunkCondition condition;
        TimeSpan pause;
        lock (breaker)
        {
            if (!what(breaker, now)) return;
            (condition, pause) = (breaker.Condition, breaker.Until - now);
        }

        Show(trunk, condition, pause, why);
    }

    /// <summary>Tells the cluster of each change, the log of each that means something: not of every probe that failed.</summary>
    void Show(string trunk, TrunkCondition condition, TimeSpan pause, string why)
    {
        changes.Add(1, new("trunk", trunk), new("condition", WireName.Of(condition)));
        if (condition == TrunkCondition.Up && failing.TryRemove(trunk, out _)) LogUp(trunk, why);
        else if (condition != TrunkCondition.Up && failing.TryAdd(trunk, true)) LogDown(trunk, condition, pause, why);
        Changed?.Invoke();
    }

    [LoggerMessage(LogLevel.Information, "Trunk {Trunk} takes calls again: {Why}.")]
    partial void LogUp(string trunk, string why);

    [LoggerMessage(LogLevel.Warning, "Trunk {Trunk} is {Condition} for {Pause}: {Why}.")]
    partial void LogDown(string trunk, TrunkCondition condition, TimeSpan pause, string why);
}
