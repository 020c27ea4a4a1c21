using System.Net;
using OrleansCallback.Sip;

namespace OrleansCallback.Tests.Sip;

/// <summary>A phone that rings reliably, refuses, never answers, or wants to know who calls, by chance.</summary>
sealed class SimulatedPhone
{
    readonly VirtualNetwork network;
    readonly SimulatedScript script;
    readonly IPEndPoint address;
    readonly DigestServer digest = new(new DigestServerOptions("phones.test") { Key = new byte[32], IsProxy = true });

    public SimulatedPhone(VirtualNetwork network, SimulatedScript script, IPEndPoint address, UserAgentOptions options)
    {
        (this.network, this.script, this.address) = (network, script, address);
        Agent = new UserAgent(options with { AcceptsCalls = true, IsKnown = _ => true });
        network.Add(address, Agent, On);
    }

    public UserAgent Agent { get; }

    public Dictionary<string, SimulatedSide> Sides { get; } = [];

    /// <summary>Which calls have to prove a password.</summary>
    public required Func<string, bool> Challenges { get; init; }

    void On(CallEvent e)
    {
        if (!Sides.TryGetValue(e.CallKey, out var side)) Sides[e.CallKey] = side = new SimulatedSide();
        side.Take(e, network.Now);
        script.Tell("phone", e);
        if (e is Confirmed)
        {
            side.Stands = true;
            script.Talk(Agent, address, e.CallKey);
        }
        if (e is not IncomingCall call) return;
        side.CallId = call.Request.CallId;
        if (!Challenges(side.CallId) || IsProven(call)) Ring(call);
    }

    bool IsProven(IncomingCall call)
    {
        var verdict = digest.Verify(call.Request, (user, algorithm) => DigestServer.Secret(user, "phones.test", "secret", algorithm), network.Now).Verdict;
        script.Add($"digest {verdict}");
        if (verdict == DigestVerdict.Proven) return true;
        Agent.Reject(call.CallKey, digest.ChallengeCode, network.Now, [.. digest.Challenge(network.Now, verdict == DigestVerdict.Stale)]);
        return false;
    }

    void Ring(IncomingCall call)
    {
        var (key, sdp) = (call.CallKey, SimulatedScript.Describe(call.Sdp, SimulatedScript.Audio(address, 4000)));
        if (network.Chance(0.7)) script.Later(1, () => Agent.Ring(key, 180, default, network.Now));
        if (network.Chance(0.3)) script.Later(3, () => Agent.Ring(key, 183, call.Sdp.IsEmpty ? default : sdp, network.Now));
        if (network.Chance(0.1))
            script.Later(4, () => script.Count("early UPDATE", Agent.Update(key, SimulatedScript.Audio(address, 4004).Offer(), network.Now)));
        if (network.Chance(0.15)) script.Later(5, () => Agent.Reject(key, 486, network.Now));
        else if (network.Chance(0.9)) script.Later(6, () => Agent.Answer(key, sdp, network.Now));
    }
}
