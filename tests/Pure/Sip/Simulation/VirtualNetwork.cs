using System.Net;
using OrleansCallback.Sip;

namespace OrleansCallback.Tests.Sip;

/// <summary>
/// User agents on a network that loses, repeats, delays and reorders datagrams, and whose streams keep their order until they break, with one
/// clock that jumps from happening to happening. Everything follows from the seed.
/// </summary>
sealed class VirtualNetwork(int seed, double loss, double duplication, int maxDelayMs)
{
    /// <summary>Of so many losses of a datagram one breaks a stream.</summary>
    const double StreamsAreSafer = 20;

    readonly Dictionary<IPEndPoint, (UserAgent Agent, Action<CallEvent> OnEvent)> agents = [];
    readonly Dictionary<(IPEndPoint, IPEndPoint), TimeSpan> lastOfStream = [];
    readonly PriorityQueue<Action, (TimeSpan, long)> agenda = new();
    long order;

    public Random Random { get; } = new(seed);

    public TimeSpan Now { get; private set; }

    /// <summary>Where a message really goes.</summary>
    public Func<Transmit, IReadOnlyList<IPEndPoint>> Route { get; set; } = transmit => [transmit.Destination.EndPoint];

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
            while (agent.TryTransmit(out var transmit))
            {
                if (transmit.Destination.IsReliable) CarryInOrder(address, transmit);
                else foreach (var to in Route(transmit)) Carry(address, to, transmit);
            }
        }
    }

    void Carry(IPEndPoint from, IPEndPoint to, Transmit transmit)
    {
        var copies = Chance(loss) ? 0 : Chance(duplication) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            After(TimeSpan.FromMilliseconds(1 + Random.Next(maxDelayMs)), () =>
            {
                if (agents.TryGetValue(to, out var peer)) peer.Agent.Receive(transmit.Bytes.Span, from, Now);
            });
        }
    }

    /// <summary>What is on its way when a stream breaks is lost; both ends hear of it, and the next message goes on a new one.</summary>
    void CarryInOrder(IPEndPoint from, Transmit transmit)
    {
        var to = transmit.Destination.EndPoint;
        if (Chance(loss / StreamsAreSafer))
        {
            After(TimeSpan.FromMilliseconds(1), () => Break(from, to));
            return;
        }
        var arrives = Now + TimeSpan.FromMilliseconds(1 + Random.Next(maxDelayMs));
        if (lastOfStream.TryGetValue((from, to), out var before) && before > arrives) arrives = before;
        lastOfStream[(from, to)] = arrives;
        After(arrives - Now, () =>
        {
            if (agents.TryGetValue(to, out var peer)) peer.Agent.Receive(transmit.Bytes.Span, new Hop(SipTransport.Tcp, from, Connection: 1), Now);
        });
    }

    void Break(IPEndPoint one, IPEndPoint other)
    {
        if (agents.TryGetValue(one, out var here)) here.Agent.ConnectionLost(new Hop(SipTransport.Tcp, other), Now);
        if (agents.TryGetValue(other, out var there)) there.Agent.ConnectionLost(new Hop(SipTransport.Tcp, one), Now);
    }
}
