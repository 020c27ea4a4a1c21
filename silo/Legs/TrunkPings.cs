using OrleansCallback.Sip;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// Asks the carriers of this silo's trunks with OPTIONS whether they are there. Any answer but 503 says yes. A trunk that failed is asked more
/// often, one that is down as soon as its pause is over.
/// </summary>
sealed class TrunkPings : BackgroundService
{
    /// <summary>An answer that has not come by then is none.</summary>
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>After an unanswered one the next goes out so soon.</summary>
    static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    readonly Lock gate = new();
    readonly Dictionary<string, Asked> asked = new(StringComparer.Ordinal);
    readonly TrunkCatalog catalog;
    readonly TrunkHealth health;
    readonly SipEndpoint endpoint;
    readonly TimeProvider time;

    public TrunkPings(TrunkCatalog catalog, TrunkHealth health, SipEndpoint endpoint, TimeProvider time)
    {
        (this.catalog, this.health, this.endpoint, this.time) = (catalog, health, endpoint, time);
        endpoint.Pinged = Take;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Tick, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var plan = catalog.Current;
            foreach (var trunk in plan.Owned()) Look(trunk, plan.Trunks[trunk]);
        }
    }

    void Look(string trunk, TrunkOptions options)
    {
        if (options.PingInterval <= TimeSpan.Zero) return;
        OptionsPing? ping = null;
        var failed = false;
        lock (gate)
        {
            // The first one goes out after a whole interval: a silo that starts asks no carrier for what its calls will show.
            if (!asked.TryGetValue(trunk, out var last)) asked[trunk] = last = new(time.GetTimestamp());
            if (last.Key is not null && time.GetElapsedTime(last.At) >= AnswerLimit)
            {
                asked[trunk] = last = last with { Key = null, Failed = true };
                failed = true;
            }

            if (last.Key is null && time.GetElapsedTime(last.At) >= Wait(trunk, options, last))
            {
                ping = PingOf(options);
                asked[trunk] = new(time.GetTimestamp(), ping.Key, last.Failed);
            }
        }

        if (failed) health.Failed(trunk, "OPTIONS was not answered");
        if (ping is not null) endpoint.Signalling.TryPing(ping);
    }

    TimeSpan Wait(string trunk, TrunkOptions options, Asked last)
    {
        var (condition, pause) = health.State(trunk);
        if (condition is TrunkCondition.Down or TrunkCondition.Probing && pause is null) return TimeSpan.FromSeconds(1);
        return last.Failed && AfterFailure < options.PingInterval ? AfterFailure : options.PingInterval;
    }

    void Take(OptionsAnswered answer)
    {
        string trunk;
        var failed = answer.Code is null or 503;
        lock (gate)
        {
            var found = asked.FirstOrDefault(entry => entry.Value.Key == answer.CallKey);
            if (found.Key is null) return;
            trunk = found.Key;
            asked[trunk] = found.Value with { Key = null, Failed = failed };
        }

        if (failed) health.Failed(trunk, "OPTIONS was answered with 503", answer.RetryAfter);
        else health.Answered(trunk);
    }

    OptionsPing PingOf(TrunkOptions options)
    {
        var domain = options.Domain.Length > 0 ? options.Domain : options.Address;
        return new(
            $"ping-{Guid.NewGuid():N}", $"sip:{domain}", $"sip:ping@{endpoint.SentBy}", endpoint.SentBy, options.Target,
            options.UserAgent.Length > 0 ? options.UserAgent : null);
    }

    /// <summary>The last OPTIONS to a trunk.</summary>
    /// <param name="At">When it was sent.</param>
    /// <param name="Key">Its key while it is not answered.</param>
    /// <param name="Failed">Whether the one before was not answered well.</param>
    readonly record struct Asked(long At, string? Key = null, bool Failed = false);
}
