namespace OrleansCallback.Sip;

/// <summary>What all parts of one user agent share: its tables, its timers, its two queues.</summary>
sealed class AgentCore
{
    readonly Queue<Transmit> transmits = new();
    readonly Queue<CallEvent> events = new();
    readonly SourceLimit sources;

    public AgentCore(UserAgentOptions options)
    {
        Options = options;
        Tokens = new TokenSource(options.Seed);
        Servers = new ServerTable(options, Heap);
        sources = new SourceLimit(options);
        Addresses = new LocalAddresses(options);
        var refused = new RefusedStreams(options, Heap);
        Layer = new TransactionLayer(options.Timers, Heap, Send, refused);
        Requests = new RequestComposer(options, Addresses, Servers, refused);
        Responses = new ResponseComposer(options);
        Abilities = new Capabilities(options);
        Registers = new IncomingRegisters(this);
    }

    public UserAgentOptions Options { get; }
    public TokenSource Tokens { get; }
    public TimerHeap Heap { get; } = new();
    public TransactionLayer Layer { get; }
    public ServerTable Servers { get; }
    public LocalAddresses Addresses { get; }
    public RequestComposer Requests { get; }
    public ResponseComposer Responses { get; }
    public Capabilities Abilities { get; }
    public IncomingRegisters Registers { get; }

    public Dictionary<string, Call> Calls { get; } = new(StringComparer.Ordinal);
    public Dictionary<DialogId, DialogUsage> Dialogs { get; } = [];

    /// <summary>Our own registrations by key.</summary>
    public Dictionary<string, RegistrationClient> Registrations { get; } = new(StringComparer.Ordinal);

    /// <summary>Incoming INVITEs by Call-ID, From tag and CSeq: the same one by another path is a loop (RFC 3261 section 8.2.2.2).</summary>
    public HashSet<(string, string, int)> Invites { get; } = [];

    /// <summary>Messages that were dropped because the queue was full or the message too long.</summary>
    public long DroppedTransmits { get; private set; }

    /// <summary>True while the application lags behind: then nothing is taken in that might become an event.</summary>
    public bool EventsAreFull => events.Count >= Options.MaxEvents;

    /// <summary>True while no request may begin anything new.</summary>
    public bool IsOverloaded => EventsAreFull || Layer.Count >= Options.MaxTransactions;

    /// <summary>True when this source may have an answer to something that belongs to no call.</summary>
    public bool Hears(Hop source, TimeSpan now) =>
        Options.StrangerRate <= 0 || Options.IsKnown(source.EndPoint.Address) || Servers.Has(source.EndPoint.Address)
        || Options.IsRegistered(source.EndPoint)
        || sources.TryTake(source.EndPoint.Address, now);

    public void Raise(CallEvent e) => events.Enqueue(e);

    public bool TryEvent(out CallEvent e) => events.TryDequeue(out e!);

    public bool TryTransmit(out Transmit transmit) => transmits.TryDequeue(out transmit);

    public void Send(Transmit transmit)
    {
        if (transmits.Count >= Options.MaxTransmits || transmit.Bytes.Length > RequestComposer.MaxBytes) DroppedTransmits++;
        else transmits.Enqueue(transmit);
    }

    /// <summary>Answers without keeping state (RFC 3261 section 8.2.7): the tag is the same each time.</summary>
    public void RespondStateless(SipMessage request, Hop source, int code, IReadOnlyList<HeaderLine>? headers = null)
    {
        var tag = Tokens.For($"{request.CallId} {request.From!.Tag} {request.TopVia!.Branch}");
        Send(new Transmit(request.TopVia.ResponseAddress(source), Responses.Write(request, source, code, tag, headers)));
    }

    /// <summary>Refuses a request that could not be read whole, as far as it says whom to answer.</summary>
    public void RefuseMalformed(SipMessage request, Hop source, int code, ParseFailure failure) =>
        Send(new Transmit(
            request.TopVia?.ResponseAddress(source) ?? source,
            Responses.WriteRefusal(request, source, code, failure, Tokens.For(Grammar.Text(request.Header(HeaderId.Via))))));

    /// <summary>Answers and keeps the answer for repetitions.</summary>
    public void Respond(
        SipMessage request, Hop source, int code, TimeSpan now, string toTag = "", IReadOnlyList<HeaderLine>? headers = null,
        ReadOnlyMemory<byte> sdp = default) =>
        new NonInviteServerTransaction(Layer, request, source)
            .Respond(code, Responses.Write(request, source, code, toTag, headers, sdp), now);

    /// <summary>Refuses a request within a dialog, so that a repetition of it gets the same answer.</summary>
    public void Refuse(SipMessage request, Hop source, int code, TimeSpan now, params IReadOnlyList<HeaderLine> headers)
    {
        if (request.Method != SipMethod.Invite) Respond(request, source, code, now, headers: headers);
        else
            new InviteServerTransaction(Layer, RefusedInvite.Instance, request, source, Responses.Write(request, source, 100, ""), now)
                .Respond(code, Responses.Write(request, source, code, "", headers), now);
    }

    /// <summary>Refuses what cannot be done now; the sender may try again soon (RFC 3261 section 14.2, RFC 3311 section 5.2: 0 to 10 s).</summary>
    public void RefuseForNow(SipMessage request, Hop source, TimeSpan now) =>
        Refuse(request, source, 500, now, new HeaderLine(HeaderId.RetryAfter, Tokens.Number(11).ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
