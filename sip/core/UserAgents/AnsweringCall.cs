namespace OrleansCallback.Sip;

/// <summary>A call that somebody makes to us (RFC 3261 section 13.3).</summary>
sealed class AnsweringCall : Call, IInviteUser
{
    enum Phase
    {
        /// <summary>No final response yet.</summary>
        Incoming,
        /// <summary>Our 2xx is out, the ACK has not come: no BYE before it (RFC 3261 section 15).</summary>
        Answered,
        Established,
    }

    readonly InviteServerTransaction invite;
    readonly SipTimer ringingLimit;
    readonly bool withoutOffer;
    Phase phase;
    HangUpReason? hangUp;

    public AnsweringCall(AgentCore core, string key, SipMessage request, Hop source, TimeSpan now) : base(core, key, null)
    {
        LocalTag = core.Tokens.Next();
        ringingLimit = new SipTimer(OnRingingLimit);
        withoutOffer = request.Body.IsEmpty;
        Media.Remote = request.Body;
        core.Calls.Add(key, this);
        core.Invites.Add(InviteId(request));
        var sentBy = core.Options.SentBy;
        Register(Dialog.OfCallee(request, LocalTag, sentBy, core.Addresses.Contact($"sip:{sentBy}", source), source));
        Enter();
        invite = new InviteServerTransaction(core.Layer, this, request, source, core.Responses.Write(request, source, 100, ""), now);
        core.Heap.Set(ringingLimit, now + core.Options.RingingLimit);
        Raise(new IncomingCall(key, request, request.Body));
    }

    public string LocalTag { get; }

    public override bool OwnsCallId => false;

    public override bool IsEstablished => phase == Phase.Established;

    public static (string, string, int) InviteId(SipMessage request) => (request.CallId, request.From!.Tag, request.CSeq!.Number);

    public CommandResult Ring(int code, ReadOnlyMemory<byte> sdp, TimeSpan now)
    {
        if (IsOver || phase != Phase.Incoming) return CommandResult.WrongState;
        Respond(code, sdp, [Contact(), Capabilities.Allow], now);
        return CommandResult.Done;
    }

    public CommandResult Answer(ReadOnlyMemory<byte> sdp, TimeSpan now)
    {
        if (IsOver || phase != Phase.Incoming) return CommandResult.WrongState;
        Core.Heap.Cancel(ringingLimit);
        phase = Phase.Answered;
        Media.SetLocal(sdp);
        Respond(200, sdp, [Contact(), Capabilities.Allow, Capabilities.Accept], now);
        return CommandResult.Done;
    }

    public CommandResult Reject(int code, IReadOnlyList<HeaderLine> headers, EndCause cause, TimeSpan now)
    {
        if (IsOver || phase != Phase.Incoming) return CommandResult.WrongState;
        Respond(code, default, headers, now);
        Finish(new Ended(Key, cause), now);
        return CommandResult.Done;
    }

    public override void HangUp(HangUpReason reason, TimeSpan now)
    {
        if (IsOver || hangUp is not null) return;
        if (phase == Phase.Incoming)
        {
            HeaderLine[] reasons = [.. reason.Values().Select(v => new HeaderLine(HeaderId.Reason, v))];
            Reject(reason.SipCode is >= 300 and < 700 and { } code ? code : 603, reasons, EndCause.HungUp, now);
            return;
        }
        hangUp = reason;
        if (phase == Phase.Established) ByeAndFinish(reason, EndCause.HungUp, now);
    }

    /// <summary>CANCEL came, and has been answered (RFC 3261 section 9.2).</summary>
    public void Cancel(SipMessage cancel, TimeSpan now)
    {
        if (IsOver || phase != Phase.Incoming) return;
        Respond(487, default, [], now);
        Finish(new Canceled(Key, cancel.ReasonCause(ReasonValue.Sip), cancel.ReasonCause(ReasonValue.Q850)), now);
    }

    public void OnNoAck(InviteServerTransaction transaction, TimeSpan now) =>
        ByeAndFinish(hangUp ?? HangUpReason.Normal, hangUp is null ? EndCause.NoAck : EndCause.HungUp, now);

    public void OnServerTerminated(InviteServerTransaction transaction, TimeSpan now) => Leave();

    protected override void OnAck(SipMessage ack, TimeSpan now)
    {
        if (IsOver || phase != Phase.Answered || ack.CSeq!.Number != invite.Request.CSeq!.Number) return;
        invite.Acknowledge();
        phase = Phase.Established;
        var answer = withoutOffer ? MediaTypes.SdpOf(ack) : default;
        if (!answer.IsEmpty) Media.Remote = answer;
        Raise(new Confirmed(Key, Snapshot(), answer));
        if (hangUp is not null) ByeAndFinish(hangUp, EndCause.HungUp, now);
    }

    /// <summary>A BYE in an early dialog is as good as CANCEL (RFC 3261 section 15.1.2).</summary>
    protected override void OnBye(SipMessage bye, TimeSpan now)
    {
        if (phase == Phase.Incoming)
        {
            Cancel(bye, now);
            return;
        }
        invite.Acknowledge();
        Finish(new RemoteHungUp(Key, bye.ReasonCause(ReasonValue.Sip), bye.ReasonCause(ReasonValue.Q850)), now);
    }

    protected override void OnFinished() => Core.Heap.Cancel(ringingLimit);

    protected override void OnRemoved() => Core.Invites.Remove(InviteId(invite.Request));

    HeaderLine Contact() => new(HeaderId.Contact, $"<{Dialog!.LocalContact}>");

    void Respond(int code, ReadOnlyMemory<byte> sdp, IReadOnlyList<HeaderLine> headers, TimeSpan now) =>
        invite.Respond(code, Core.Responses.Write(invite.Request, invite.Source, code, LocalTag, headers, sdp), now);

    void OnRingingLimit(TimeSpan now) => Reject(480, [], EndCause.RingingLimit, now);
}
