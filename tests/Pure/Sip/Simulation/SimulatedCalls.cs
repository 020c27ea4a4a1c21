using System.Net;
using OrleansCallback.Sip;

namespace OrleansCallback.Tests.Sip;

/// <summary>
/// Many calls from one user agent to the phones of two others, each by a script of chance: impatient callers, INVITEs without an offer, calls that
/// fork to both phones, that have to prove a password, that go over streams; changes of the session by both sides at any time, hold, and session
/// timers that go on refreshing.
/// </summary>
sealed class SimulatedCalls
{
    static readonly IPEndPoint Caller = new(IPAddress.Parse("192.0.2.1"), 5060);
    static readonly IPEndPoint Phone = new(IPAddress.Parse("192.0.2.2"), 5060), Other = new(IPAddress.Parse("192.0.2.3"), 5060);

    /// <summary>All calls begin in this time, and all scripts are over at the second one.</summary>
    static readonly TimeSpan Dialling = TimeSpan.FromMinutes(10), Quiet = TimeSpan.FromMinutes(20);

    /// <summary>A lost peer shows when the session is not refreshed, and its BYE may be the last to come.</summary>
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(120), Settled = Interval + TimeSpan.FromSeconds(70);

    static readonly ReliableProvisional[] Reliables = Enum.GetValues<ReliableProvisional>();

    readonly VirtualNetwork network;
    readonly SimulatedScript script;
    readonly UserAgent caller;
    readonly SimulatedPhone[] phones;
    readonly Dictionary<string, SimulatedSide> callers = [];
    readonly HashSet<string> forked = [], challenged = [], branches = [];

    public SimulatedCalls(VirtualNetwork network, SortedDictionary<string, int> tally)
    {
        this.network = network;
        script = new SimulatedScript(network, tally);
        caller = new UserAgent(Options(Caller, seed: 1));
        network.Add(Caller, caller, OnCaller);
        network.Route = Fork;
        phones =
        [
            new(network, script, Phone, Options(Phone, seed: 2)) { Challenges = challenged.Contains },
            new(network, script, Other, Options(Other, seed: 3)) { Challenges = _ => false },
        ];
    }

    public List<string> Faults { get; } = [];

    /// <summary>Runs the calls to their very end and tells how long that was for them.</summary>
    public TimeSpan Run(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            var id = $"call-{i}";
            script.Later(Dialling.TotalSeconds, () => Dial(id));
        }
        network.Run(Quiet);
        var doubtful = Disagreements();
        network.Run(Quiet + Settled);
        Faults.AddRange(Disagreements().Intersect(doubtful));
        if (!callers.Values.Any(c => c.Stands)) Faults.Add("no call stands, so nothing was compared");
        foreach (var (key, _) in callers.Where(c => c.Value.Stands)) caller.HangUp(key, HangUpReason.Normal, network.Now);
        foreach (var phone in phones)
        {
            foreach (var (key, _) in phone.Sides.Where(p => p.Value.Stands && network.Chance(0.3))) phone.Agent.HangUp(key, HangUpReason.Normal, network.Now);
        }
        network.Run(TimeSpan.MaxValue);
        Check(callers, caller, "caller");
        foreach (var phone in phones) Check(phone.Sides, phone.Agent, "phone");
        return network.Now;
    }

    static UserAgentOptions Options(IPEndPoint address, long seed) => new(address.ToString())
    {
        Seed = seed, SessionExpires = Interval,
        Addresses = [.. new[] { SipTransport.Udp, SipTransport.Tcp }.Select(t => new LocalAddress(t, new HostPort($"{address.Address}", address.Port)))],
    };

    void Dial(string id)
    {
        var stream = network.Chance(0.2);
        var target = new Hop(stream ? SipTransport.Tcp : SipTransport.Udp, Phone);
        var attempt = InviteAttempt.Create(id, "sip:a@192.0.2.1", "sip:b@192.0.2.2", target, Caller.ToString()) with { Reliable = script.Any(Reliables) };
        if (!stream && network.Chance(0.2)) forked.Add(attempt.CallId);
        else if (network.Chance(0.25)) challenged.Add(attempt.CallId);
        var delayed = network.Chance(0.1);
        script.Add(stream ? "over TCP" : "over UDP");
        if (delayed) script.Add("delayed offer");
        if (forked.Contains(attempt.CallId)) script.Add("forked");
        callers[id] = new SimulatedSide { CallId = attempt.CallId };
        caller.Invite(attempt, delayed ? default : SimulatedScript.Audio(Caller, 3000).Offer(), new Credentials("a", "secret"), network.Now);
        // One in five callers loses patience, often while the answer is under way.
        if (network.Chance(0.2)) script.Later(6, () => caller.HangUp(id, HangUpReason.Normal, network.Now));
        if (network.Chance(0.1))
            script.Later(4, () => script.Count("early UPDATE", caller.Update(id, SimulatedScript.Audio(Caller, 3004).Offer(), network.Now)));
    }

    void OnCaller(CallEvent e)
    {
        var side = callers[e.CallKey];
        side.Take(e, network.Now);
        script.Tell("caller", e);
        if (e is not Answered answered) return;
        // Some applications take longer than the 2 s that they have.
        script.Later(network.Chance(0.05) ? 4 : 1, () => Acknowledge(answered, side));
        script.Talk(caller, Caller, e.CallKey);
    }

    void Acknowledge(Answered answered, SimulatedSide side)
    {
        var delayed = answered.Dialog.LocalSdp.Length == 0;
        var answer = delayed ? SimulatedScript.Describe(answered.Sdp, SimulatedScript.Audio(Caller, 3000)) : default;
        if (caller.Acknowledge(answered.CallKey, network.Now, answer) != CommandResult.Done) return;
        side.Stands = true;
        if (delayed) side.Agree(answer, answered.Sdp.Span);
    }

    /// <summary>A call that forks reaches both phones, and so does what belongs to its INVITE: no proxy stands between that would tidy up.</summary>
    IReadOnlyList<IPEndPoint> Fork(Transmit transmit)
    {
        if (!transmit.Destination.EndPoint.Equals(Phone) || SipParser.Parse(transmit.Bytes.Span).Message is not { IsRequest: true } request
            || !forked.Contains(request.CallId)) return [transmit.Destination.EndPoint];
        if (request.Method == SipMethod.Invite && request.To!.Tag.Length == 0) branches.Add(request.TopVia!.Branch);
        return branches.Contains(request.TopVia!.Branch) ? [Phone, Other] : [Phone];
    }

    /// <summary>A call stands on both sides or on none, and what one side sends is what the other expects.</summary>
    HashSet<string> Disagreements()
    {
        var there = phones.SelectMany(p => p.Sides.Values).Where(p => p.Stands).ToLookup(p => p.CallId);
        var faults = new HashSet<string>();
        foreach (var (id, side) in callers.Where(c => c.Value.Stands))
        {
            if (there[side.CallId].ToList() is not [var other]) faults.Add($"{id} stands at the caller and at {there[side.CallId].Count()} phones");
            else if (side.Media != (other.Media.Remote, other.Media.Local)) faults.Add($"{id} has other media: caller {side}; phone {other}");
        }
        var standing = callers.Values.Where(c => c.Stands).Select(c => c.CallId).ToHashSet();
        foreach (var left in there.Where(p => !standing.Contains(p.Key))) faults.Add($"{callers.Single(c => c.Value.CallId == left.Key).Key} stands at a phone only");
        return faults;
    }

    void Check(Dictionary<string, SimulatedSide> sides, UserAgent agent, string name)
    {
        Faults.AddRange(sides.Where(s => s.Value.Fault is not null).Select(s => $"{name} {s.Key} {s.Value.Fault}"));
        var left = (agent.Calls, agent.Transactions, agent.Dialogs, agent.PendingTimers);
        if (left != (0, 0, 0, 0)) Faults.Add($"{name} has left {left}");
        if (agent.DroppedTransmits > 0) Faults.Add($"{name} dropped {agent.DroppedTransmits} messages");
    }
}
