using System.Net;
using OrleansCallback.Sip;

namespace OrleansCallback.Tests.Sip;

/// <summary>
/// Many calls between two user agents with a script by chance for each: impatient callers, phones that ring reliably, refuse or never answer,
/// changes of the session by both sides at any time, hold, and session timers that go on refreshing.
/// </summary>
sealed class SimulatedCalls
{
    static readonly IPEndPoint Caller = new(IPAddress.Parse("192.0.2.1"), 5060);
    static readonly IPEndPoint Phone = new(IPAddress.Parse("192.0.2.2"), 5060);

    /// <summary>All calls begin in this time, and all scripts are over at the second one.</summary>
    static readonly TimeSpan Dialling = TimeSpan.FromMinutes(10), Quiet = TimeSpan.FromMinutes(20);

    /// <summary>A lost peer shows when the session is not refreshed, and its BYE may be the last to come.</summary>
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(120), Settled = Interval + TimeSpan.FromSeconds(70);

    static readonly MediaDirection[] Directions = Enum.GetValues<MediaDirection>();
    static readonly ReliableProvisional[] Reliables = Enum.GetValues<ReliableProvisional>();

    readonly VirtualNetwork network;
    readonly SortedDictionary<string, int> tally;
    readonly UserAgent caller, phone;
    readonly Dictionary<string, SimulatedSide> callers = [], phones = [];

    public SimulatedCalls(VirtualNetwork network, SortedDictionary<string, int> tally)
    {
        (this.network, this.tally) = (network, tally);
        caller = new UserAgent(new UserAgentOptions(Caller.ToString()) { Seed = 1, SessionExpires = Interval });
        phone = new UserAgent(new UserAgentOptions(Phone.ToString())
        {
            Seed = 2, AcceptsCalls = true, SessionExpires = Interval, IsKnown = _ => true,
        });
        network.Add(Caller, caller, e => OnCaller(e));
        network.Add(Phone, phone, e => OnPhone(e));
    }

    public List<string> Faults { get; } = [];

    /// <summary>Runs the calls to their very end and tells how long that was for them.</summary>
    public TimeSpan Run(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            var id = $"call-{i}";
            Later(Dialling.TotalSeconds, () => Dial(id));
        }
        network.Run(Quiet);
        var doubtful = Disagreements();
        network.Run(Quiet + Settled);
        Faults.AddRange(Disagreements().Intersect(doubtful));
        if (!callers.Values.Any(c => c.Stands)) Faults.Add("no call stands, so nothing was compared");
        foreach (var (key, _) in callers.Where(c => c.Value.Stands)) caller.HangUp(key, HangUpReason.Normal, network.Now);
        foreach (var (key, _) in phones.Where(p => p.Value.Stands && network.Chance(0.3))) phone.HangUp(key, HangUpReason.Normal, network.Now);
        network.Run(TimeSpan.MaxValue);
        Check(callers, caller, "caller");
        Check(phones, phone, "phone");
        return network.Now;
    }

    void Dial(string id)
    {
        var attempt = InviteAttempt.Create(id, "sip:a@192.0.2.1", "sip:b@192.0.2.2", Phone, Caller.ToString()) with { Reliable = Any(Reliables) };
        callers[id] = new SimulatedSide { CallId = attempt.CallId };
        caller.Invite(attempt, Audio(Caller, 3000).Offer(), null, network.Now);
        // One in five callers loses patience, often while the answer is under way.
        if (network.Chance(0.2)) Later(6, () => caller.HangUp(id, HangUpReason.Normal, network.Now));
        if (network.Chance(0.1)) Later(4, () => Count("early UPDATE", caller.Update(id, Audio(Caller, 3004).Offer(), network.Now)));
    }

    void OnCaller(CallEvent e)
    {
        var side = callers[e.CallKey];
        side.Take(e, network.Now);
        Tell("caller", e);
        if (e is not Answered) return;
        // Some applications take longer than the 2 s that they have.
        Later(network.Chance(0.05) ? 4 : 1, () => side.Stands |= caller.Acknowledge(e.CallKey, network.Now) == CommandResult.Done);
        Talk(caller, Caller, e.CallKey);
    }

    void OnPhone(CallEvent e)
    {
        if (!phones.TryGetValue(e.CallKey, out var side)) phones[e.CallKey] = side = new SimulatedSide();
        side.Take(e, network.Now);
        Tell("phone", e);
        if (e is Confirmed)
        {
            side.Stands = true;
            Talk(phone, Phone, e.CallKey);
        }
        if (e is not IncomingCall call) return;
        side.CallId = call.Request.CallId;
        var sdp = Answer(call.Sdp);
        if (network.Chance(0.7)) Later(1, () => phone.Ring(e.CallKey, 180, default, network.Now));
        if (network.Chance(0.3)) Later(3, () => phone.Ring(e.CallKey, 183, sdp, network.Now));
        if (network.Chance(0.1)) Later(4, () => Count("early UPDATE", phone.Update(e.CallKey, Audio(Phone, 4004).Offer(), network.Now)));
        if (network.Chance(0.15)) Later(5, () => phone.Reject(e.CallKey, 486, network.Now));
        else if (network.Chance(0.9)) Later(6, () => phone.Answer(e.CallKey, sdp, network.Now));
    }

    /// <summary>Some calls are changed by this side, perhaps by both at a time, and some are hung up.</summary>
    void Talk(UserAgent agent, IPEndPoint address, string key)
    {
        for (var i = network.Random.Next(4); i > 0; i--)
        {
            var moved = (Audio(address, 5000 + 2 * network.Random.Next(100)) with { Direction = Any(Directions), Version = 2 }).Offer();
            switch (network.Random.Next(3))
            {
                case 0: Later(40, () => Count("re-INVITE", agent.Reinvite(key, moved, network.Now))); break;
                case 1: Later(40, () => Count("UPDATE", agent.Update(key, moved, network.Now))); break;
                default: Later(40, () => Count("empty UPDATE", agent.Update(key, default, network.Now))); break;
            }
        }
        if (network.Chance(0.3)) Later(60, () => agent.HangUp(key, HangUpReason.Normal, network.Now));
    }

    /// <summary>A call stands on both sides or on none, and what one side sends is what the other expects.</summary>
    HashSet<string> Disagreements()
    {
        var there = phones.Values.Where(p => p.Stands).ToDictionary(p => p.CallId);
        var faults = new HashSet<string>();
        foreach (var (id, side) in callers.Where(c => c.Value.Stands))
        {
            if (!there.Remove(side.CallId, out var other)) faults.Add($"{id} stands at the caller only");
            else if (side.Media != (other.Media.Remote, other.Media.Local)) faults.Add($"{id} has other media: caller {side}; phone {other}");
        }
        foreach (var left in there.Values) faults.Add($"{callers.Single(c => c.Value.CallId == left.CallId).Key} stands at the phone only");
        return faults;
    }

    void Check(Dictionary<string, SimulatedSide> sides, UserAgent agent, string name)
    {
        Faults.AddRange(sides.Where(s => s.Value.Fault is not null).Select(s => $"{name} {s.Key} {s.Value.Fault}"));
        var left = (agent.Calls, agent.Transactions, agent.Dialogs, agent.PendingTimers);
        if (left != (0, 0, 0, 0)) Faults.Add($"{name} has left {left}");
        if (agent.DroppedTransmits > 0) Faults.Add($"{name} dropped {agent.DroppedTransmits} messages");
    }

    void Later(double maxSeconds, Action action) => network.After(TimeSpan.FromSeconds(network.Random.NextDouble() * maxSeconds), action);

    T Any<T>(T[] choices) => choices[network.Random.Next(choices.Length)];

    void Tell(string who, CallEvent e)
    {
        var what = e switch
        {
            Refused refused => $"Refused {refused.Code}",
            Ended ended => $"Ended {ended.Cause}",
            ReinviteDone done => $"ReinviteDone {done.Code}",
            UpdateDone done => $"UpdateDone {done.Code}",
            _ => e.GetType().Name,
        };
        Add($"{who} {what}");
    }

    void Count(string what, CommandResult result)
    {
        if (result == CommandResult.Done) Add(what);
    }

    void Add(string what) => tally[what] = tally.GetValueOrDefault(what) + 1;

    static LocalAudio Audio(IPEndPoint address, int port) => new(new IPEndPoint(address.Address, port), 1);

    static byte[] Answer(ReadOnlyMemory<byte> offer) => OfferAnswer.Answer(offer.Span, Audio(Phone, 4000), out var answer, out _) == SdpResult.Agreed
        ? answer : throw new InvalidOperationException("the phone cannot answer the caller's offer");
}
