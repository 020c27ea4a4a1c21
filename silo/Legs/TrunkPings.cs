using OrleansCallback.Sip;
using OrleansCallback.Trunks;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// Asks the carriers of this silo's trunks with OPTIONS whether they are there. Any answer but 503 says yes; what silence says, <see cref="TrunkPing"/>
/// knows. A trunk that failed is asked more often, one that is down as soon as its pause is over.
/// </summary>
sealed class TrunkPings : BackgroundService
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    readonly Lock gate = new();
    readonly Dictionary<string, TrunkPing> pings = new(StringComparer.Ordinal);
    readonly TrunkCatalog catalog;
    readonly TrunkHealth health;
    readonly SipEndpoint endpoint;
    readonly TimeProvider time;

    public TrunkPings(TrunkCatalog catalog, TrunkHealth health, SipEndpoint endpoint, TimeProvider time)
    {
        (this.catalog, this.health, this.endpoint, this.time) = (catalog, health, endpoint, time);
        endpoint.Pinged = Take;
        health.CallAnswered += trunk => Of(trunk, ping => ping.CallAnswered());
        catalog.Changed += before =>
        {
            lock (gate)
                foreach (var trunk in catalog.Current.ChangedSince(before)) pings.Remove(trunk);
        };
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

    TimeSpan Now => time.GetElapsedTime(0);

    void Look(string trunk, TrunkOptions options)
    {
        if (options.PingInterval <= TimeSpan.Zero) return;
        var (condition, pause) = health.State(trunk);
        var isDown = condition is TrunkCondition.Down or TrunkCondition.Probing && pause is null;
        OptionsPing? next = null;
        bool failed;
        lock (gate)
        {
            var now = Now;
            if (!pings.TryGetValue(trunk, out var ping)) pings[trunk] = ping = new(now);
            failed = ping.IsFailure(now);
            if (ping.IsDue(options.PingInterval, isDown, now)) ping.Ask((next = PingOf(trunk, options)).Key, now);
        }

        if (failed) health.Failed(trunk, "OPTIONS was not answered");
        if (next is not null && !endpoint.Signalling.TryPing(next)) Of(trunk, ping => ping.Drop(next.Key));
    }

    void Take(OptionsAnswered answer)
    {
        var trunk = TrunkOf(answer.CallKey);
        var counts = false;
        Of(trunk, ping =>
        {
            if (answer.By == RefusedBy.Peer) counts = ping.TryAnswer(answer.CallKey, answer.Code != 503);
            else if (answer.By == RefusedBy.Transport) counts = ping.TryFail(answer.CallKey);
            else if (answer.By == RefusedBy.Local) ping.Drop(answer.CallKey);
            // A time-out was noticed as silence long before the transaction's end.
        });
        if (!counts) return;
        if (answer.By == RefusedBy.Transport) health.Failed(trunk, "OPTIONS could not be sent");
        else if (answer.Code == 503) health.Failed(trunk, "OPTIONS was answered with 503", answer.RetryAfter);
        else health.Answered(trunk);
    }

    void Of(string trunk, Action<TrunkPing> what)
    {
        lock (gate)
            if (pings.TryGetValue(trunk, out var ping)) what(ping);
    }

    OptionsPing PingOf(string trunk, TrunkOptions options)
    {
        var domain = options.Domain.Length > 0 ? options.Domain : options.Address;
        return new(
            $"ping-{Guid.NewGuid():N}-{trunk}", $"sip:{domain}", $"sip:ping@{endpoint.SentBy}", endpoint.SentBy, options.Target,
            options.UserAgent.Length > 0 ? options.UserAgent : null);
    }

    static string TrunkOf(string key) => key.Split('-', 3)[2];
}
