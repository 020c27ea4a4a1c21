namespace OrleansCallback.Sip;

/// <summary>
/// A SIP user agent (RFC 3261) without a socket, a clock or a thread: datagrams, commands and the time go in; datagrams, events and the
/// time at which to be woken come out. <c>now</c> is any clock that never goes back. Not thread-safe; its loop owns it.
/// After each <see cref="Receive"/>, <see cref="Advance"/> or command take all of <see cref="TryTransmit"/> and <see cref="TryEvent"/>.
/// </summary>
public sealed class UserAgent
{
    readonly AgentCore core;
    readonly RequestDispatcher dispatcher;

    /// <summary>A user agent without calls.</summary>
    public UserAgent(UserAgentOptions options)
    {
        core = new AgentCore(options);
        dispatcher = new RequestDispatcher(core);
    }

    /// <summary>Its settings.</summary>
    public UserAgentOptions Options => core.Options;

    /// <summary>Calls in the table: until their terminal event and the end of their last transaction.</summary>
    public int Calls => core.Calls.Count;

    /// <summary>Live transactions (RFC 3261 section 17).</summary>
    public int Transactions => core.Layer.Count;

    /// <summary>Dialogs in the table.</summary>
    public int Dialogs => core.Dialogs.Count;

    /// <summary>Running timers.</summary>
    public int PendingTimers => core.Heap.Count;

    /// <summary>Messages dropped because <see cref="UserAgentOptions.MaxTransmits"/> or the size of a datagram was exceeded.</summary>
    public long DroppedTransmits => core.DroppedTransmits;

    /// <summary>When <see cref="Advance"/> has something to do; null when nothing runs.</summary>
    public TimeSpan? NextWake => core.Heap.Next;

    /// <summary>Takes one datagram, or one whole message of a stream. Never throws, whatever it holds.</summary>
    public Receipt Receive(ReadOnlySpan<byte> datagram, Hop source, TimeSpan now)
    {
        // What outlives this call keeps the message: a server transaction, and whoever waits for a name.
        var (failure, message) = SipParser.Borrow(datagram);
        var receipt = failure switch
        {
            ParseFailure.KeepAlive => new(Disposition.KeepAlive),
            ParseFailure.None => new(message!.IsRequest ? dispatcher.Receive(message, source, now) : ReceiveResponse(message, now)),
            _ => RefuseMalformed(failure, message, source, now),
        };
        message?.Return();
        return receipt;
    }

    /// <summary>
    /// A stream could not be cut into messages any more: the request whose head could be read gets 400, or 513 for its size
    /// (RFC 3261 sections 18.3 and 21.5.7), before the connection is closed.
    /// </summary>
    public void RefuseFrame(ReadOnlySpan<byte> head, FrameFault fault, Hop source, TimeSpan now)
    {
        if (SipParser.Parse(head).Message is not { IsRequest: true, Method: not SipMethod.Ack } request || !request.Has(HeaderId.Via)) return;
        if (!core.Hears(source, now)) return;
        var tooLarge = fault is FrameFault.TooLarge or FrameFault.HeadTooLarge;
        core.RefuseMalformed(request, source, tooLarge ? 513 : 400, tooLarge ? ParseFailure.TooLarge : ParseFailure.ContentLength);
    }

    /// <summary>Fires the timers that are due.</summary>
    public void Advance(TimeSpan now) => core.Heap.Fire(now);

    /// <summary>The next name to look up, to be answered by <see cref="Located"/>.</summary>
    public bool TryQuestion(out Target target) => core.Servers.TryQuestion(out target);

    /// <summary>The servers of a name (RFC 3263 section 4).</summary>
    /// <param name="target">The question.</param>
    /// <param name="servers">All its servers; empty when it has none or nobody could be asked.</param>
    /// <param name="life">How long the records are good for.</param>
    /// <param name="now">The time.</param>
    public void Located(Target target, IReadOnlyList<Server> servers, TimeSpan life, TimeSpan now) => core.Servers.Answer(target, servers, life, now);

    /// <summary>
    /// Looks up a target unless its servers are known. <paramref name="then"/> gets them in the order of trial; none when the name has none,
    /// or when too much waits for look-ups already.
    /// </summary>
    public void Locate(Target target, Action<IReadOnlyList<Hop>> then, TimeSpan now)
    {
        if (!core.Servers.WhenKnown(target, now, _ => then(core.Servers.Hops(target, "")))) then([]);
    }

    /// <summary>
    /// A stream's peer cannot be reached: all requests that wait for it fail at once (RFC 3261 section 17.1.4), or go by UDP if only their
    /// size had asked for a stream.
    /// </summary>
    public void Unreachable(Hop peer, TimeSpan now)
    {
        foreach (var transaction in core.Layer.WaitingFor(peer)) transaction.Unreachable(now);
    }

    /// <summary>
    /// A connection ended. Requests that nothing had come back for fail; true when others still wait for a final response, which may come on
    /// a connection from the peer (RFC 3261 section 18.2.2): then it is to be seen whether the peer can be reached at all.
    /// </summary>
    public bool ConnectionLost(Hop peer, TimeSpan now)
    {
        var waiting = core.Layer.WaitingFor(peer);
        foreach (var transaction in waiting.Where(t => t.IsUnanswered)) transaction.Unreachable(now);
        return waiting.Any(t => t.IsWaiting);
    }

    /// <summary>
    /// The peers that the next requests of live calls go to over a stream: who closes those connections may take the way of a BYE
    /// (RFC 5626 section 5.3). Looks at every dialog.
    /// </summary>
    public IReadOnlySet<(SipTransport Transport, System.Net.IPEndPoint EndPoint)> StreamsOfCalls() =>
        core.Dialogs.Values.Where(usage => !usage.Call.IsOver).Select(usage => core.Requests.HopOf(usage.Dialog)).Where(hop => hop.IsReliable)
            .Select(hop => (hop.Transport, hop.EndPoint)).ToHashSet();

    /// <summary>The next message to send.</summary>
    public bool TryTransmit(out Transmit transmit) => core.TryTransmit(out transmit);

    /// <summary>The next event.</summary>
    public bool TryEvent(out CallEvent e) => core.TryEvent(out e);

    /// <summary>
    /// Rings a phone. A challenge is answered with <paramref name="credentials"/>. Events: <see cref="Ringing"/>, <see cref="Answered"/>,
    /// and one of <see cref="Refused"/>, <see cref="RemoteHungUp"/>, <see cref="Ended"/>.
    /// </summary>
    public CommandResult Invite(InviteAttempt attempt, ReadOnlyMemory<byte> offer, Credentials? credentials, TimeSpan now)
    {
        if (core.Calls.ContainsKey(attempt.AttemptId)) return CommandResult.AlreadyKnown;
        if (!Target.TryParse(attempt.Target, out var target))
            throw new ArgumentException($"'{attempt.Target}' is no host:port;transport=udp|tcp|tls", nameof(attempt));
        if (attempt.ExtraHeaders.FirstOrDefault(header => !header.IsAllowed) is { } wrong)
            throw new ArgumentException($"'{wrong.Name}' is no header that an INVITE may be given", nameof(attempt));
        if (core.Calls.Count < Options.MaxCalls)
        {
            new OutgoingCall(core, attempt, target, offer, credentials).Start(now);
            return CommandResult.Done;
        }
        core.Raise(new Refused(attempt.AttemptId, 503, RefusedBy.Local, null, null, []));
        return CommandResult.Full;
    }

    /// <summary>Asks a peer whether it is there. <see cref="OptionsAnswered"/> tells the result.</summary>
    public CommandResult Ping(OptionsPing ping, TimeSpan now)
    {
        if (!Target.TryParse(ping.Target, out var target))
            throw new ArgumentException($"'{ping.Target}' is no host:port;transport=udp|tcp|tls", nameof(ping));
        if (core.Layer.Count < Options.MaxTransactions && new OutgoingOptions(core, ping, target).Start(now)) return CommandResult.Done;
        core.Raise(new OptionsAnswered(ping.Key, null, null, RefusedBy.Local));
        return CommandResult.Full;
    }

    /// <summary>
    /// Registers an address and keeps it registered until <see cref="Unregister"/> (RFC 3261 section 10.2). A challenge is answered with
    /// <paramref name="credentials"/>. <see cref="RegistrationChanged"/> tells what comes of it.
    /// </summary>
    /// <exception cref="ArgumentException">The target is none.</exception>
    public CommandResult Register(Registration registration, Credentials? credentials, TimeSpan now)
    {
        if (!Target.TryParse(registration.Target, out var target))
            throw new ArgumentException($"'{registration.Target}' is no host:port;transport=udp|tcp|tls", nameof(registration));
        if (core.Registrations.ContainsKey(registration.Key)) return CommandResult.AlreadyKnown;
        if (core.Registrations.Count >= Options.MaxRegistrations) return CommandResult.Full;
        new RegistrationClient(core, registration, target, credentials).Start(now);
        return CommandResult.Done;
    }

    /// <summary>
    /// Takes a registration back: REGISTER with Expires 0 where the registrar may hold a binding (RFC 3261 section 10.2.2).
    /// <see cref="RegistrationChanged"/> with <see cref="RegistrationState.Ended"/> is its last event.
    /// </summary>
    public CommandResult Unregister(string key, TimeSpan now)
    {
        if (!core.Registrations.TryGetValue(key, out var client)) return CommandResult.UnknownCall;
        client.Leave(now);
        return CommandResult.Done;
    }

    /// <summary>Forgets a registration without a word to the registrar, as when another takes its place under the same address.</summary>
    public CommandResult ForgetRegistration(string key)
    {
        if (!core.Registrations.TryGetValue(key, out var client)) return CommandResult.UnknownCall;
        client.Forget();
        return CommandResult.Done;
    }

    /// <summary>Answers an <see cref="IncomingRegister"/> finally.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="code">200 to 699.</param>
    /// <param name="headers">Further header lines: the bindings as Contact, a challenge.</param>
    /// <param name="now">The time.</param>
    public CommandResult AnswerRegister(string key, int code, IReadOnlyList<HeaderLine> headers, TimeSpan now) =>
        core.Registers.Answer(key, code, headers, now);

    /// <summary>The same as <see cref="AnswerRegister"/>, at a later time: who is refused learns nothing from how long that took.</summary>
    public CommandResult AnswerRegisterAt(string key, int code, IReadOnlyList<HeaderLine> headers, TimeSpan at) =>
        core.Registers.AnswerAt(key, code, headers, at);

    /// <summary>Sends the ACK of an answered call; to be called once <see cref="Answered.Dialog"/> is stored.</summary>
    /// <param name="callKey">The call.</param>
    /// <param name="now">The time.</param>
    /// <param name="answer">Our answer, when the INVITE carried no offer and <see cref="Answered.Sdp"/> is the peer's; else left out.</param>
    public CommandResult Acknowledge(string callKey, TimeSpan now, ReadOnlyMemory<byte> answer = default) =>
        !core.Calls.TryGetValue(callKey, out var call) ? CommandResult.UnknownCall
        : call is OutgoingCall outgoing ? outgoing.Acknowledge(answer, now) : CommandResult.WrongState;

    /// <summary>
    /// Ends a call as its state asks: CANCEL (held back until a provisional response came), ACK and BYE, BYE, a rejection, or nothing.
    /// May be repeated.
    /// </summary>
    public CommandResult HangUp(string callKey, HangUpReason reason, TimeSpan now)
    {
        if (!core.Calls.TryGetValue(callKey, out var call)) return CommandResult.UnknownCall;
        call.HangUp(reason, now);
        return CommandResult.Done;
    }

    /// <summary>Offers new media within an established call. <see cref="ReinviteDone"/> tells the result.</summary>
    /// <param name="callKey">The call.</param>
    /// <param name="sdp">Our new offer.</param>
    /// <param name="now">The time.</param>
    /// <param name="isOptional">
    /// The call goes on as it was when nothing or 408 comes back: for an offer that it can do without, while audio shows that the peer is there.
    /// Otherwise it ends then, as RFC 3261 section 14.1 wants it; after 481 it ends anyway.
    /// </param>
    public CommandResult Reinvite(string callKey, ReadOnlyMemory<byte> sdp, TimeSpan now, bool isOptional = false) =>
        core.Calls.TryGetValue(callKey, out var call) ? call.Reinvite(sdp, isOptional, now) : CommandResult.UnknownCall;

    /// <summary>Offers other codecs within an established call by re-INVITE; everything else in our description stays. <see cref="ReinviteDone"/> tells the result.</summary>
    /// <param name="callKey">The call.</param>
    /// <param name="codecs">Codecs in order of preference.</param>
    /// <param name="now">The time.</param>
    /// <param name="isOptional">As in <see cref="Reinvite"/>.</param>
    public CommandResult OfferCodecs(string callKey, IReadOnlyList<AudioCodec> codecs, TimeSpan now, bool isOptional = false) =>
        core.Calls.TryGetValue(callKey, out var call) ? call.OfferCodecs(codecs, isOptional, now) : CommandResult.UnknownCall;

    /// <summary>
    /// Says which codecs the peer's own offers in an answered call are answered with from now on, and what a re-INVITE without an offer gets; until
    /// then it is all that we have offered.
    /// </summary>
    /// <param name="callKey">The call.</param>
    /// <param name="codecs">Codecs, as an offer of ours lists them.</param>
    /// <param name="preferred">Taken wherever an offer has it; null leaves the choice to the offer's order.</param>
    public CommandResult SetCodecs(string callKey, IReadOnlyList<AudioCodec> codecs, AudioCodec? preferred = null) =>
        core.Calls.TryGetValue(callKey, out var call) ? call.SetCodecs(codecs, preferred) : CommandResult.UnknownCall;

    /// <summary>
    /// Sends UPDATE (RFC 3311) in an established call, or in an early dialog once there is exactly one. <see cref="UpdateDone"/> tells the result.
    /// </summary>
    /// <param name="callKey">The call.</param>
    /// <param name="sdp">Our new offer; empty to tell a new session interval or Contact alone.</param>
    /// <param name="now">The time.</param>
    public CommandResult Update(string callKey, ReadOnlyMemory<byte> sdp, TimeSpan now) =>
        core.Calls.TryGetValue(callKey, out var call) ? call.Update(sdp, now) : CommandResult.UnknownCall;

    /// <summary>Tells the caller that it rings; reliably where both sides want that (RFC 3262).</summary>
    /// <param name="callKey">The call.</param>
    /// <param name="code">101 to 199, as a rule 180, or 183 with early media.</param>
    /// <param name="sdp">The description of early media, or empty.</param>
    /// <param name="now">The time.</param>
    public CommandResult Ring(string callKey, int code, ReadOnlyMemory<byte> sdp, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 101);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 199);
        return Incoming(callKey, out var call) ?? call!.Ring(code, sdp, now);
    }

    /// <summary>Answers an incoming call with 200, after the PRACK of a description that still waits for it. <see cref="Confirmed"/> follows with the ACK.</summary>
    public CommandResult Answer(string callKey, ReadOnlyMemory<byte> sdp, TimeSpan now) =>
        Incoming(callKey, out var call) ?? call!.Answer(sdp, now);

    /// <summary>Rejects an incoming call with 300 to 699.</summary>
    /// <param name="callKey">The call.</param>
    /// <param name="code">The status, for example 486.</param>
    /// <param name="now">The time.</param>
    /// <param name="headers">Further header lines, such as Reason, Retry-After, WWW-Authenticate, Contact.</param>
    public CommandResult Reject(string callKey, int code, TimeSpan now, params ReadOnlySpan<HeaderLine> headers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 699);
        return Incoming(callKey, out var call) ?? call!.Reject(code, headers.ToArray(), EndCause.Rejected, now);
    }

    CommandResult? Incoming(string callKey, out AnsweringCall? call)
    {
        call = core.Calls.GetValueOrDefault(callKey) as AnsweringCall;
        return call is not null ? null : core.Calls.ContainsKey(callKey) ? CommandResult.WrongState : CommandResult.UnknownCall;
    }

    Disposition ReceiveResponse(SipMessage response, TimeSpan now)
    {
        if (core.EventsAreFull) return Disposition.Overloaded;
        // More than one Via means that it is somebody else's (RFC 3261 section 8.1.3.3).
        if (response.HasMoreThanOne(HeaderId.Via)
            || core.Layer.Find(TransactionKey.Client(response.TopVia!.Branch, response.MethodName)) is not ClientTransaction transaction
            || !transaction.Request.IsAnsweredBy(response)) return Disposition.StrayResponse;
        // An answer that leads to a name waits for the name's servers: its ACK goes there.
        if (response.StatusCode is > 100 and < 300 && response.MethodName is "INVITE" or "UPDATE"
            && NextHopName.Of(response) is { } name && core.Servers.MustAsk(name, now))
        {
            response.Keep();
            return core.Servers.WhenKnown(name, now, later => transaction.Receive(response, later)) ? Disposition.Taken : Disposition.Overloaded;
        }
        transaction.Receive(response, now);
        return Disposition.Taken;
    }

    /// <summary>400 or 505 when the sender can be told (RFC 3261 sections 8.2.6 and 21.5.6), else silence; never for ACK or a response.</summary>
    Receipt RefuseMalformed(ParseFailure failure, SipMessage? message, Hop source, TimeSpan now)
    {
        if (message is { IsRequest: true, Method: not SipMethod.Ack } && message.Has(HeaderId.Via) && core.Hears(source, now))
            core.RefuseMalformed(message, source, failure == ParseFailure.Version ? 505 : 400, failure);
        return new(Disposition.Malformed, failure);
    }
}
