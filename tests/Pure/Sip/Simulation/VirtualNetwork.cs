using System.Net;
using OrleansCallback.Sip;

namespace OrleansCallback.Tests.Sip;

/// <summary>
/// User agents on a network that loses, repeats, delays and reorders datagrams, with one clock that jumps from happening to happening.
/// Everything follows from the seed.
/// </summary>
sealed class VirtualNetwork(int seed, double loss, double duplication, int maxDelayMs)
{
    readonly Dictionary<IPEndPoint, (UserAgent Agent, Action<CallEvent> OnEvent)> agents = [];
    readonly PriorityQueue<Action, (TimeSpan, long)> agenda = new();
    long order;

    public Random Random { get; } = new(seed);

    public TimeSpan Now { get; private set; }

    public void Add(IPEndPoint address, UserAgent agent, Action<CallEvent> onEvent) => agents.Add(address, (agent, onEvent));

    public void After(TimeSpan wait, Action action) => agenda.Enqueue(action, (Now + wait, order++));

    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>Runs until nothing is left to happen, or until the time.</summary>
    public void Run(TimeSpan until)
    {
        Drain();
        while (Next() is { } next && next <= until)
        {
            Now = next;
            foreach (var (agent, _) in agents.Values) agent.Advance(Now);
            while (agenda.TryPeek(out _, out var due) && due.Item1 <= Now) agenda.Dequeue()();
            Drain();
        }
        if (until < TimeSpan.MaxValue) Now = until;
    }

    TimeSpan? Next()
    {
        TimeSpan? next = agenda.TryPeek(out _, out var due) ? due.Item1 : null;
        foreach (var (agent, _) in agents.Values)
        {
            if (agent.NextWake is { } wake && (next is null || wake < next)) next = wake;
        }
        return next;
    }

    void Drain()
    {
        foreach (var (address, (agent, onEvent)) in agents)
        {
            while (agent.TryEvent(out var e)) onEvent(e);
            while (agent.TryTransmit(out var transmit)) Carry(address, transmit);
        }
    }

    void Carry(IPEndPoint from, Transmit transmit)
    {
        var copies = Chance(loss) ? 0 : Chance(duplication) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            After(TimeSpan.FromMilliseconds(1 + Random.Next(maxDelayMs)), () =>
            {
                if (agents.TryGetValue(transmit.Destination.EndPoint, out var to)) to.Agent.Receive(transmit.Bytes.Span, from, Now);
            });
        }
    }
}
