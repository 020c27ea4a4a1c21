using System.Globalization;
using System.Net;
using System.Text;
using OrleansCallback.Sip;

namespace OrleansCallback.Fuzz;

/// <summary>One user agent, its clock, the peers that answer it, and what must hold of it.</summary>
sealed class AgentUnderFuzz
{
    const int MostKnown = 64;
    static readonly IPEndPoint Us = new(IPAddress.Parse("192.0.2.1"), 5060);
    static readonly Hop Peer = new IPEndPoint(IPAddress.Parse("192.0.2.2"), 5060);
    static readonly byte[] Sdp = new LocalAudio(new IPEndPoint(Us.Address, 3000), 1).Offer();
    static readonly int[] Codes = [100, 180, 183, 200, 200, 200, 202, 302, 401, 407, 408, 422, 481, 486, 491, 500, 503, 603, 699];

    readonly Random random;
    readonly UserAgent agent;
    readonly List<SipMessage> known = [];
    readonly List<string> calls = [];
    readonly HashSet<string> over = [];
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
            AcceptsCalls = true, Seed = random.Next(), MaxCalls = 40, MaxTransactions = 400, MaxTransmits = 400, MaxEvents = 200,
            Reliable = (ReliableProvisional)random.Next(3), SessionExpires = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(90),
        });
        Invite();
    }

    /// <summary>Takes a mutated message; what the agent made of it, in words.</summary>
    public string Take(byte[] input)
    {
        seen.Clear();
        var filled = Filled(input);
        trace?.Add($"{now} <- {Encoding.UTF8.GetString(filled)}");
        var receipt = agent.Receive(filled, Peer, now);
        Drain();
        return $"{receipt.Disposition} {receipt.Failure} {string.Join(' ', seen)}";
    }

    /// <summary>One thing that a peer, the application or the clock does.</summary>
    public void Step()
    {
        switch (random.Next(12))
        {
            case 0: Invite(); break;
            case 1 or 2 or 3: Answer(); break;
            case 4: Pass(TimeSpan.FromMilliseconds(random.Next(1 << random.Next(16)))); break;
            case 5: Call(key => agent.Acknowledge(key, now)); break;
            case 6: Call(key => agent.HangUp(key, HangUpReason.Normal, now)); break;
            case 7: Call(key => _ = random.Next(2) == 0 ? agent.Reinvite(key, Sdp, now, isOptional: next % 2 == 0) : agent.Update(key, Sdp, now)); break;
            case 8: Call(key => agent.Ring(key, 180 + random.Next(4), random.Next(2) == 0 ? Sdp : default, now)); break;
            case 9: Call(key => agent.Answer(key, Sdp, now)); break;
            case 10: Call(key => agent.Reject(key, 486, now)); break;
            default: Pass(TimeSpan.FromSeconds(random.Next(40))); break;
        }

        Drain();
    }

    /// <summary>Ends every call and lets all timers run out.</summary>
    public void End()
    {
        trace?.Add($"{now} the end");
        foreach (var key in calls) agent.HangUp(key, HangUpReason.Normal, now);
        Drain();
        Pass(TimeSpan.FromSeconds(400));
        if (calls.FirstOrDefault(key => !over.Contains(key)) is { } open) throw new InvalidOperationException($"Call {open} never ended.");
        if ((agent.Calls, agent.Transactions, agent.Dialogs) is not (0, 0, 0) || agent.PendingTimers != 0)
            throw new InvalidOperationException(
                $"After all ended {agent.Calls} calls, {agent.Transactions} transactions, {agent.Dialogs} dialogs and {agent.PendingTimers} timers are left.");
    }

    void Invite()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"attempt-{next++}");
        var attempt = InviteAttempt.Create(id, "sip:+43111@192.0.2.1", "sip:+43222@192.0.2.2", Peer.EndPoint, "192.0.2.1:5060");
        if (agent.Invite(attempt, Sdp, random.Next(2) == 0 ? null : new Credentials("us", "secret"), now) == CommandResult.Done) calls.Add(id);
        Drain();
    }

    void Call(Action<string> command)
    {
        if (calls.Count == 0) return;
        var key = calls[random.Next(calls.Count)];
        trace?.Add($"{now} command to {key}");
        command(key);
    }

    /// <summary>A response as a real peer would send it to a request that it got.</summary>
    void Answer()
    {
        if (known.Where(m => m.IsRequest && m.Method != SipMethod.Ack).ToList() is not { Count: > 0 } requests) return;
        var request = requests[random.Next(requests.Count)];
        var code = Codes[random.Next(Codes.Length)];
        var tag = request.To!.Tag.Length == 0 && code > 100 ? $";tag=peer{random.Next(2)}" : "";
        var extra = code switch
        {
            180 or 183 when random.Next(2) == 0 => $"Require: 100rel\nRSeq: {1 + random.Next(3)}\n",
            401 => "WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",qop=\"auth\"\n",
            407 => "Proxy-Authenticate: Digest realm=\"r\",nonce=\"n\",algorithm=SHA-256\n",
            422 => "Min-SE: 200\n",
            200 when random.Next(2) == 0 => "Session-Expires: 120;refresher=uac\nRequire: timer\nAllow: INVITE, UPDATE\n",
            _ => "",
        };
        var body = request.Method == SipMethod.Invite && code is 183 or 200 ? Encoding.ASCII.GetString(Sdp) : "";
        var text = $"SIP/2.0 {code} X\nVia: {Text(request, HeaderId.Via)}\nFrom: {Text(request, HeaderId.From)}\nTo: {Text(request, HeaderId.To)}{tag}\n"
            + $"Call-ID: {request.CallId}\nCSeq: {Text(request, HeaderId.CSeq)}\nContact: <sip:peer@192.0.2.2>\n{extra}Content-Type: application/sdp\n"
            + $"Content-Length: {body.Length}\n\n";
        trace?.Add($"{now} <- {text}");
        agent.Receive(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n") + body), Peer, now);
    }

    static string Text(SipMessage message, HeaderId id) => Encoding.UTF8.GetString(message.Header(id));

    /// <summary>Fills in {call}, {us}, {peer}, {branch}, {cseq} and {method} from a message that the agent has sent.</summary>
    byte[] Filled(byte[] input)
    {
        if (known.Count == 0 || !input.AsSpan().Contains((byte)'{')) return input;
        var message = known[random.Next(known.Count)];
        var (us, peer) = message.IsRequest ? (message.From!.Tag, message.To!.Tag) : (message.To!.Tag, message.From!.Tag);
        // Latin-1 keeps every byte.
        var text = new StringBuilder(Encoding.Latin1.GetString(input))
            .Replace("{call}", message.CallId).Replace("{us}", us).Replace("{peer}", peer.Length > 0 ? peer : "peer0")
            .Replace("{branch}", message.TopVia!.Branch).Replace("{method}", message.MethodName)
            .Replace("{cseq}", (message.CSeq!.Number + random.Next(3) - 1).ToString(CultureInfo.InvariantCulture));
        return Encoding.Latin1.GetBytes(text.ToString());
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
        while (agent.TryQuestion(out var target))
            agent.Located(target, random.Next(2) == 0 ? [] : [new Server(SipTransport.Udp, Peer.EndPoint)], TimeSpan.FromSeconds(random.Next(60)), now);
        while (agent.TryTransmit(out var transmit)) Sent(transmit.Bytes.Span);
        while (agent.TryEvent(out var happened)) Happened(happened);
    }

    void Sent(ReadOnlySpan<byte> bytes)
    {
        trace?.Add($"{now} {agent.Calls}c {agent.Transactions}t {agent.Dialogs}d -> {Encoding.UTF8.GetString(bytes)}");
        var (failure, message) = SipParser.Parse(bytes);
        if (message is null) throw new InvalidOperationException($"The agent sent what is no message: {Encoding.UTF8.GetString(bytes)}");
        seen.Add(message.IsRequest ? message.MethodName : message.StatusCode.ToString(CultureInfo.InvariantCulture));
        // Only a refusal may echo what could not be read.
        if (failure != ParseFailure.None)
        {
            if (message.StatusCode is not (400 or 505)) throw new InvalidOperationException($"The agent sent a message with {failure}: {Encoding.UTF8.GetString(bytes)}");
            return;
        }

        if (known.Count < MostKnown) known.Add(message);
        else known[random.Next(MostKnown)] = message;
    }

    void Happened(CallEvent happened)
    {
        trace?.Add($"{now} event {happened}");
        seen.Add(happened.GetType().Name);
        if (happened is IncomingCall) calls.Add(happened.CallKey);
        if (over.Contains(happened.CallKey)) throw new InvalidOperationException($"{happened} came after the call's end.");
        if (happened is TerminalEvent) over.Add(happened.CallKey);
    }
}
