using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>
/// The servers of names, as long as their records live, and which of them rest after a failure (RFC 3263 section 4.3). It asks whoever
/// drives the user agent for a name that it does not know, and runs what waited when the answer is there.
/// </summary>
sealed class ServerTable(UserAgentOptions options, TimerHeap heap)
{
    readonly Dictionary<Target, Entry> entries = [];
    readonly Dictionary<(SipTransport, IPEndPoint), SipTimer> resting = [];
    readonly Queue<Target> questions = new();
    HashSet<IPAddress> addresses = [];
    int waiting;

    /// <summary>The next name to look up.</summary>
    public bool TryQuestion(out Target target) => questions.TryDequeue(out target);

    /// <summary>
    /// Runs <paramref name="then"/> when the target's servers are known, or known to be unknown: at once if nothing has to be asked.
    /// False when too much waits already; then it never runs.
    /// </summary>
    public bool WhenKnown(Target target, TimeSpan now, Action<TimeSpan> then)
    {
        if (!target.IsNamed || (entries.TryGetValue(target, out var entry) && entry.IsFresh(now)))
        {
            then(now);
            return true;
        }
        if (waiting >= options.MaxWaitingForNames) return false;
        waiting++;
        if (entry is not { IsOpen: true }) Ask(target, entry, now);
        entries[target].Waiting.Add(then);
        return true;
    }

    /// <summary>True when a message that leads to this target has to wait for its look-up.</summary>
    public bool MustAsk(Target target, TimeSpan now) => target.IsNamed && !(entries.TryGetValue(target, out var entry) && entry.IsFresh(now));

    /// <summary>The answer to a question. No servers: the name is unknown, or could not be asked for; old ones are kept then.</summary>
    public void Answer(Target target, IReadOnlyList<Server> servers, TimeSpan life, TimeSpan now)
    {
        if (!entries.TryGetValue(target, out var entry)) return;
        heap.Cancel(entry.Limit);
        entry.IsOpen = false;
        if (servers.Count > 0)
        {
            entry.Servers = [.. servers.Take(options.MaxServersOfName)];
            addresses = [.. entries.Values.SelectMany(e => e.Servers).Select(s => s.EndPoint.Address)];
        }
        entry.GoodUntil = now + (life < options.ShortestNameLife ? options.ShortestNameLife : life);
        var run = entry.Waiting.ToArray();
        entry.Waiting.Clear();
        waiting -= run.Length;
        foreach (var then in run) then(now);
    }

    /// <summary>The hops of a target in the order of trial, those that rest last; empty when the name has none.</summary>
    public IReadOnlyList<Hop> Hops(Target target, string seed)
    {
        if (target.TryHop(out var hop)) return [hop];
        if (!entries.TryGetValue(target, out var entry) || entry.Servers.Count == 0) return [];
        var name = target.Host.Host;
        return [.. ServerOrder.Of(entry.Servers, Seed(seed))
            .Select(s => new Hop(s.Transport, s.EndPoint, s.Transport == SipTransport.Tls ? name : null))
            .OrderBy(Rests)];
    }

    /// <summary>A server that failed comes last for a while.</summary>
    public void Rest(Hop hop, TimeSpan now)
    {
        var key = (hop.Transport, hop.EndPoint);
        if (!resting.TryGetValue(key, out var timer))
        {
            if (resting.Count >= options.MaxRestingServers) return;
            resting[key] = timer = new SipTimer(_ => resting.Remove(key));
        }
        heap.Set(timer, now + options.ServerRest);
    }

    public bool Rests(Hop hop) => resting.ContainsKey((hop.Transport, hop.EndPoint));

    /// <summary>True for an address of a name that we send to.</summary>
    public bool Has(IPAddress address) => addresses.Contains(address);

    void Ask(Target target, Entry? entry, TimeSpan now)
    {
        if (entry is null)
        {
            if (entries.Count >= options.MaxNames) MakeRoom();
            entries[target] = entry = new Entry(at => Answer(target, [], options.ShortestNameLife, at));
        }
        entry.IsOpen = true;
        heap.Set(entry.Limit, now + options.NameLimit);
        questions.Enqueue(target);
    }

    /// <summary>The name whose records end first makes room; one that is being asked for stays.</summary>
    void MakeRoom()
    {
        var oldest = entries.Where(e => !e.Value.IsOpen).OrderBy(e => e.Value.GoodUntil).Select(e => e.Key).Take(entries.Count / 8 + 1).ToArray();
        foreach (var target in oldest) entries.Remove(target);
    }

    static ulong Seed(string text) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    sealed class Entry(Action<TimeSpan> onLimit)
    {
        public SipTimer Limit { get; } = new(onLimit);
        public List<Action<TimeSpan>> Waiting { get; } = [];
        public IReadOnlyList<Server> Servers { get; set; } = [];
        public TimeSpan GoodUntil { get; set; }
        public bool IsOpen { get; set; }

        public bool IsFresh(TimeSpan now) => !IsOpen && GoodUntil > now;
    }
}
