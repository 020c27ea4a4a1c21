using System.Globalization;
using System.Net;
using System.Text;
using OrleansCallback.Sip;

namespace OrleansCallback.Fuzz;

/// <summary>
/// One user agent over UDP and streams, its clock, the peers that answer it, its registrations and the phones that register with it, and what must
/// hold of it.
/// </summary>
sealed class AgentUnderFuzz
{
    static readonly IPEndPoint Us = new(IPAddress.Parse("192.0.2.1"), 5060);
    static readonly IPEndPoint Peer = new(IPAddress.Parse("192.0.2.2"), 5060);
    static readonly byte[] Sdp = new LocalAudio(new IPEndPoint(Us.Address, 3000), 1).Offer();
    static readonly Credentials Secret = new("us", "secret");
    static readonly SipTransport[] Transports = [SipTransport.Udp, SipTransport.Tcp, SipTransport.Tls];

    static readonly string[] Targets =
    [
        "192.0.2.2:5060", "192.0.2.2:5060", "192.0.2.2:5060;transport=tcp", "192.0.2.2:5060;transport=tls", "192.0.2.2:5060;flow=0",
        "192.0.2.2:5060;transport=tcp;flow=2", "carrier.test", "carrier.test;transport=tcp", "sips:carrier.test", "other.test:5070",
    ];

    readonly Random random;
    readonly UserAgent agent;
    readonly FuzzPeers peers;
    readonly FuzzRegistrar registrar;
    readonly List<string> calls = [], registrations = [];
    readonly HashSet<string> over = [], left = [];
    readonly SortedSet<string> seen = [];
    readonly List<string>? trace;
    TimeSpan now;
    int next;

    /// <param name="random">Where all chances come from.</param>
    /// <param name="trace">Gets what is done and what comes back; null leaves it out.</param>
    public AgentUnderFuzz(Random random, List<string>? trace = null)
    {
        (this.random, this.trace) = (random, trace);
        agent = new UserAgent(new UserAgentOptions("192.0.2.1:5060")
        {
            AcceptsCalls = true, AcceptsRegisters = true, Seed = random.Next(), MaxCalls = 40, MaxTransactions = 400, MaxTransmits = 400, MaxEvents = 200,
            MaxNames = 8, MaxWaitingForNames = 20, MaxRegistrations = 4, Reliable = (ReliableProvisional)random.Next(3),
            SessionExpires = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(90), MaxDatagramBytes = random.Next(2) == 0 ? 600 : 1_300,
            Addresses = [.. Transports.Select(t => new LocalAddress(t, new HostPort("192.0.2.1", t == SipTransport.Tls ? 5061 : 5060)))],
        });
        peers = new FuzzPeers(random, Sdp);
        registrar = new FuzzRegistrar(random, agent);
        Invite();
    }

    /// <summary>Takes a mutated message from anywhere; what the agent made of it, in words.</summary>
    public string Take(byte[] input)
    {
        seen.Clear();
        var filled = peers.Filled(input, registrar.Authorization);
        var from = AnyHop();
        trace?.Add($"{now} <- {from} {Encoding.UTF8.GetString(filled)}");
        var receipt = agent.Receive(filled, from, now);
        if (from.IsReliable && random.Next(8) == 0) agent.RefuseFrame(filled, (FrameFault)random.Next(1, 6), from, now);
        Drain();
        return $"{receipt.Disposition} {receipt.Failure} {string.Join(' ', seen)}";
    }

    /// <summary>One thing that a peer, the application, the network or the clock does.</summary>
    public void Step()
    {
        switch (random.Next(18))
        {
            case 0: Invite(); break;
            case 1 or 2 or 3 or 4: Answer(); break;
            case 5: Pass(TimeSpan.FromMilliseconds(random.Next(1 << random.Next(16)))); break;
            case 6: Call(key => agent.Acknowledge(key, now)); break;
            case 7: Call(key => agent.HangUp(key, HangUpReason.Normal, now)); break;
            case 8: Call(Change); break;
            case 9: Call(key => agent.Ring(key, 180 + random.Next(4), random.Next(2) == 0 ? Sdp : default, now)); break;
            case 10: Call(key => agent.Answer(key, Sdp, now)); break;
            case 11: Call(key => agent.Reject(key, 486, now)); break;
            case 12: Register(); break;
            case 13: LeaveOne(); break;
            case 14: Tell("a phone registers", () => registrar.Speak(now)); break;
            case 15: LoseStream(); break;
            case 16: _ = agent.Ping(new OptionsPing($"ping-{next++}", "sip:192.0.2.2", "sip:us@192.0.2.1", "192.0.2.1:5060", AnyTarget()), now); break;
            default: Pass(TimeSpan.FromSeconds(random.Next(40))); break;
        }

        Drain();
    }

    /// <summary>Ends every call and registration and lets all timers run out.</summary>
    public void End()
    {
        trace?.Add($"{now} the end");
        foreach (var key in calls) agent.HangUp(key, HangUpReason.Normal, now);
        foreach (var key in registrations) agent.Unregister(key, now);
        Drain();
        Pass(TimeSpan.FromSeconds(400));
        if (calls.FirstOrDefault(key => !over.Contains(key)) is { } open) throw new InvalidOperationException($"Call {open} never ended.");
        if (registrations.FirstOrDefault(key => !left.Contains(key)) is { } held) throw new InvalidOperationException($"{held} was never taken back.");
        if ((agent.Calls, agent.Transactions, agent.Dialogs) is not (0, 0, 0) || agent.PendingTimers != 0)
            throw new InvalidOperationException(
                $"After all ended {agent.Calls} calls, {agent.Transactions} transactions, {agent.Dialogs} dialogs and {agent.PendingTimers} timers are left.");
    }

    void Invite()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"attempt-{next++}");
        var attempt = InviteAttempt.Create(id, "sip:+43111@192.0.2.1", "sip:+43222@192.0.2.2", Peer, "192.0.2.1:5060") with { Target = AnyTarget() };
        ReadOnlyMemory<byte> offer = random.Next(6) == 0 ? default : Sdp;
        if (agent.Invite(attempt, offer, random.Next(2) == 0 ? null : Secret, now) == CommandResult.Done) calls.Add(id);
        Drain();
    }

    void Change(string key)
    {
        if (random.Next(4) == 0) agent.SetCodecs(key, [(AudioCodec)(random.Next(2) * 8)]);
        else _ = random.Next(2) == 0 ? agent.Reinvite(key, Sdp, now, isOptional: random.Next(2) == 0) : agent.Update(key, random.Next(3) == 0 ? default : Sdp, now);
    }

    void Register()
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"registration-{next++}");
        var ours = new Registration(
            key, "sip:carrier.test", "sip:us@carrier.test", "sip:us@192.0.2.1:5060", "192.0.2.1:5060", AnyTarget(), TimeSpan.FromSeconds(random.Next(1, 300)));
        if (agent.Register(ours, random.Next(3) == 0 ? null : Secret, now) == CommandResult.Done) registrations.Add(key);
    }

    void LeaveOne()
    {
        if (registrations.Count == 0) return;
        var key = registrations[random.Next(registrations.Count)];
        if (random.Next(3) == 0) Tell($"forgets {key}", () => left.UnionWith(agent.ForgetRegistration(key) == CommandResult.Done ? [key] : (string[])[]));
        else Tell($"leaves {key}", () => agent.Unregister(key, now));
    }

    /// <summary>A stream ends, or cannot be made.</summary>
    void LoseStream()
    {
        var hop = AnyHop();
        if (hop.IsReliable) Tell($"loses {hop}", () => _ = random.Next(2) == 0 ? agent.ConnectionLost(hop, now) : Unreachable(hop));
    }

    bool Unreachable(Hop hop)
    {
        agent.Unreachable(hop, now);
        return true;
    }

    void Call(Action<string> command)
    {
        if (calls.Count == 0) return;
        var key = calls[random.Next(calls.Count)];
        Tell($"command to {key}", () => command(key));
    }

    void Tell(string what, Action act)
    {
        trace?.Add($"{now} {what}");
        act();
    }

    /// <summary>A response as a real peer would send it to a request that it got.</summary>
    void Answer()
    {
        if (peers.Answer() is not var (text, from)) return;
        trace?.Add($"{now} <- {from} {Encoding.UTF8.GetString(text)}");
        agent.Receive(text, from, now);
    }

    void Pass(TimeSpan time)
    {
        var end = now + time;
        while (agent.NextWake is { } wake && wake <= end)
        {
            now = wake > now ? wake : now;
            agent.Advance(now);
            Drain();
        }

        now = end;
    }

    void Drain()
    {
        while (agent.TryQuestion(out var target)) agent.Located(target, AnyServers(), TimeSpan.FromSeconds(random.Next(60)), now);
        while (agent.TryTransmit(out var transmit)) Sent(transmit);
        while (agent.TryEvent(out var happened)) Happened(happened);
    }

    void Sent(Transmit transmit)
    {
        var bytes = transmit.Bytes.Span;
        trace?.Add($"{now} {agent.Calls}c {agent.Transactions}t {agent.Dialogs}d -> {transmit.Destination} {Encoding.UTF8.GetString(bytes)}");
        var (failure, message) = SipParser.Parse(bytes);
        if (message is null) throw new InvalidOperationException($"The agent sent what is no message: {Encoding.UTF8.GetString(bytes)}");
        seen.Add(message.IsRequest ? message.MethodName : message.StatusCode.ToString(CultureInfo.InvariantCulture));
        // Only a refusal may echo what could not be read.
        if (failure != ParseFailure.None)
        {
            if (message.StatusCode is not (400 or 505 or 513)) throw new InvalidOperationException($"The agent sent a message with {failure}: {Encoding.UTF8.GetString(bytes)}");
            return;
        }

        if (transmit.IsForSize && transmit.Destination.Transport != SipTransport.Tcp) throw new InvalidOperationException($"{transmit.Destination} was chosen for its size.");
        peers.Hear(message, transmit.Destination);
        registrar.Hear(transmit, now);
    }

    void Happened(CallEvent happened)
    {
        trace?.Add($"{now} event {happened}");
        seen.Add(happened.GetType().Name);
        if (happened is IncomingCall) calls.Add(happened.CallKey);
        if (over.Contains(happened.CallKey) || left.Contains(happened.CallKey)) throw new InvalidOperationException($"{happened} came after the end.");
        if (happened is TerminalEvent) over.Add(happened.CallKey);
        if (happened is RegistrationChanged { State: RegistrationState.Ended }) left.Add(happened.CallKey);
        if (happened is IncomingRegister register) seen.Add($"register {registrar.Answer(register, now)}");
    }

    Hop AnyHop() => random.Next(3) > 0
        ? new Hop(SipTransport.Udp, Peer)
        : new Hop(Transports[random.Next(1, 3)], Peer, Connection: random.Next(3));

    string AnyTarget() => Targets[random.Next(Targets.Length)];

    Server[] AnyServers() => random.Next(3) == 0 ? [] :
    [
        .. Enumerable.Range(0, random.Next(1, 4)).Select(i =>
            new Server(Transports[random.Next(3)], new IPEndPoint(Peer.Address, Peer.Port + random.Next(2)), random.Next(3), random.Next(3))),
    ];
}
