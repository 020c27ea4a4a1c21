using System.Collections.Concurrent;
using System.Threading.Channels;
using OrleansCallback.Calls;

namespace OrleansCallback.Tests;

/// <summary>Legs without SIP: every command is noted, and the test tells the news. News is repeated until the session has it durable.</summary>
public sealed class FakeLegs : ICallLegs
{
    readonly ConcurrentDictionary<string, FakeLeg> legs = new();
    readonly Channel<LegOrder> orders = Channel.CreateUnbounded<LegOrder>();

    public IGrainFactory Grains { get; set; } = null!;

    public HashSet<string> Trunks { get; } = ["carrier", "second", "third", "shown", "far", "decked"];

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>What dialling a number comes to; the default is that it is dialled.</summary>
    public Func<LegAttempt, DialResult> Dialling { get; set; } = _ => DialResult.Dialled;

    /// <summary>All commands in their order.</summary>
    public ConcurrentQueue<LegOrder> Log { get; } = new();

    public FakeLeg Leg(string callback, CallLeg leg) =>
        LegsOf(callback).Where(known => known.Attempt.Leg == leg).OrderBy(known => known.Attempt.Attempt).Last();

    public IEnumerable<FakeLeg> LegsOf(string callback) => legs.Values.Where(known => known.Attempt.Callback == callback);

    public IEnumerable<LegOrder> OrdersOf(string callback) => Log.Where(order => order.Leg.Contains($"/{callback}/", StringComparison.Ordinal));

    public bool Owns(string trunk) => Trunks.Contains(trunk);

    public DialResult Dial(LegAttempt attempt)
    {
        var result = Owns(attempt.Trunk) ? Dialling(attempt) : DialResult.NotOwner;
        if (result == DialResult.Dialled) legs.GetOrAdd(attempt.Key, _ => new(this, attempt));
        Note(attempt.Key, "dial");
        return result;
    }

    public Task<LegCommandResult> Acknowledge(string leg, LegGrant grant, bool holdAudio, Announcement? announcement) =>
        Task.FromResult(Tell(leg, holdAudio ? "ack+hold" : "ack", grant, announcement));

    public LegCommandResult Bridge(string leg, string otherLeg) =>
        legs.TryGetValue(otherLeg, out var other) && !other.Over ? Tell(leg, "bridge") : LegCommandResult.NoSuchLeg;

    public string? BridgeAcross(string leg, string? otherInner) =>
        Tell(leg, $"across {otherInner}") == LegCommandResult.Done ? $"inner-of-{leg}" : null;

    public LegCommandResult Extend(string leg, LegGrant grant) => Tell(leg, "extend", grant);

    public void HangUp(string leg, Announcement? farewell = null)
    {
        Note(leg, "hangup", said: farewell);
        if (legs.TryGetValue(leg, out var found) && found.EndsWhenTold) found.End(LegEnd.HungUp);
    }

    /// <summary>The process died: nobody knows these legs any more.</summary>
    public void Forget()
    {
        foreach (var leg in legs.Values) leg.Silence();
        legs.Clear();
    }

    LegCommandResult Tell(string leg, string what, LegGrant? grant = null, Announcement? said = null)
    {
        var known = legs.TryGetValue(leg, out var found) && !found.Over;
        if (known && grant is not null) found!.Grant = grant;
        Note(leg, what, grant, said);
        return known ? LegCommandResult.Done : LegCommandResult.NoSuchLeg;
    }

    void Note(string leg, string what, LegGrant? grant = null, Announcement? said = null)
    {
        var order = new LegOrder(leg, what, grant, said);
        Log.Enqueue(order);
        orders.Writer.TryWrite(order);
        foreach (var watch in watches.Where(watch => watch.Wanted(order)).ToList())
        {
            watch.Seen.TrySetResult(order);
        }
    }

    readonly ConcurrentBag<(Func<LegOrder, bool> Wanted, TaskCompletionSource<LegOrder> Seen)> watches = [];

    /// <summary>Waits for a command to a leg of a call, given before or yet to come.</summary>
    public Task<LegOrder> Ordered(string callback, CallLeg leg, string what, int? attempt = null)
    {
        bool Wanted(LegOrder order) => order.What == what && order.Leg.Contains($"/{callback}/{leg}/{attempt}", StringComparison.Ordinal);
        var watch = (Wanted: (Func<LegOrder, bool>)Wanted, Seen: new TaskCompletionSource<LegOrder>(TaskCreationOptions.RunContinuationsAsynchronously));
        watches.Add(watch);
        if (Log.FirstOrDefault(Wanted) is { } before) watch.Seen.TrySetResult(before);
        return watch.Seen.Task.WaitAsync(CallCluster.Patience);
    }
}

/// <summary>A command as it came.</summary>
public sealed record LegOrder(string Leg, string What, LegGrant? Grant, Announcement? Said)
{
    /// <summary>The clips that are said with it.</summary>
    public string Clips => string.Join(' ', Said?.Clips ?? []);
}

/// <summary>One leg: its news and how far the session has it.</summary>
public sealed class FakeLeg(FakeLegs legs, LegAttempt attempt)
{
    readonly Lock gate = new();
    readonly List<LegNews> news = [];
    long number;
    bool telling;
    bool silent;

    public LegAttempt Attempt => attempt;

    public bool Over { get; private set; }

    /// <summary>Whether a hang-up ends it at once.</summary>
    public bool EndsWhenTold { get; set; } = true;

    public bool Answered { get; private set; }

    public LegGrant? Grant { get; set; }

    /// <summary>Talk time that its end tells.</summary>
    public TimeSpan Talk { get; set; } = TimeSpan.FromSeconds(3);

    public void Ring() => Tell(n => new LegRinging(n, Now, 180));

    public void Answer()
    {
        Answered = true;
        Tell(n => new LegAnswered(n, Now, """{"tag":"x"}"""));
    }

    public void Announced(AnnouncementEnd end) => Tell(n => new LegAnnounced(n, Now, end));

    public void RunLow(TimeSpan sinceAnswer) => Tell(n => new LegGrantLow(n, Now, sinceAnswer));

    public void End(LegEnd end, int? sipCode = null, bool rang = false)
    {
        lock (gate)
        {
            if (Over) return;
            Over = true;
        }

        Tell(n => new LegEnded(n, Now, end, sipCode, null, Answered ? Talk : null, 10, 10, rang));
    }

    public void Silence() => silent = true;

    DateTimeOffset Now => legs.Time.GetUtcNow();

    void Tell(Func<long, LegNews> what)
    {
        lock (gate)
        {
            news.Add(what(++number));
            if (telling) return;
            telling = true;
        }

        _ = Task.Run(TellAll);
    }

    async Task TellAll()
    {
        while (true)
        {
            LegNews[] untold;
            lock (gate)
            {
                untold = [.. news];
                if (untold.Length == 0 || silent)
                {
                    telling = false;
                    return;
                }
            }

            var durable = 0L;
            try
            {
                var session = legs.Grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(GrainKeys.SiteOf(attempt.Key), attempt.Callback));
                durable = await session.Report(attempt.Key, untold);
            }
            catch (Exception) when (!silent)
            {
                await Task.Yield();
            }

            lock (gate) news.RemoveAll(item => item.Number <= durable);
        }
    }
}
