using System.Globalization;

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
    readonly ReliableResponses? reliable;
    readonly SipTimer ringingLimit;
    readonly DialogUsage usage;
    readonly bool expires;
    Phase phase;
    HangUpReason? hangUp;
    ReadOnlyMemory<byte>? heldAnswer;
    bool awaitsAnswer;

    public AnsweringCall(AgentCore core, string key, SipMessage request, Hop source, TimeSpan now) : base(core, key, null)
    {
        LocalTag = core.Tokens.Next();
        ringingLimit = new SipTimer(OnRingingLimit);
        core.Calls.Add(key, this);
        core.Invites.Add(InviteId(request));
        var sentBy = core.Options.SentBy;
        var contact = core.Addresses.Contact($"sip:{sentBy}", source);
        Usage = usage = Register(Dialog.OfCallee(request, LocalTag, sentBy, contact, source), new SessionMedia());
        var offer = MediaTypes.SdpOf(request);
        if (!offer.IsEmpty) usage.Media.TakeOffer(offer);
        Enter();
        invite = new InviteServerTransaction(core.Layer, this, request, source, core.Responses.Write(request, source, 100, ""), now);
        if (IsReliable(request)) reliable = new(core, request.CSeq!, WriteReliable, SendReliable, OnNoPrack);
        expires = Grammar.TryNumber(request.Header(HeaderId.Expires), int.MaxValue, out var seconds) && seconds < core.Options.RingingLimit.TotalSeconds;
        core.Heap.Set(ringingLimit, now + (expires ? TimeSpan.FromSeconds(seconds) : core.Options.RingingLimit));
        var trusted = core.Options.TrustsIdentityOf(source.EndPoint.Address);
        Raise(new IncomingCall(key, request, offer)
        {
            AssertedIdentities = trusted ? request.Addresses(HeaderId.PAssertedIdentity) : [],
        });
    }

    public string LocalTag { get; }

    public override bool OwnsCallId => false;

    public override bool IsEstablished => phase == Phase.Established;

    protected override DialogUsage UpdatableUsage => usage;

    public static (string, string, int) InviteId(SipMessage request) => (request.CallId, request.From!.Tag, request.CSeq!.Number);

    public CommandResult Ring(int code, ReadOnlyMemory<byte> sdp, TimeSpan now)
    {
        if (IsOver || phase != Phase.Incoming || heldAnswer is not null) return CommandResult.WrongState;
        if (reliable is null) Respond(code, sdp, RingingHeaders(), now);
        else if (!reliable.TrySend(code, sdp, now)) return CommandResult.Busy;
        return CommandResult.Done;
    }

    public CommandResult Answer(ReadOnlyMemory<byte> sdp, TimeSpan now)
    {
        if (IsOver || phase != Phase.Incoming || heldAnswer is not null) return CommandResult.WrongState;
        if (reliable is { HoldsAnswer: true }) heldAnswer = sdp;
        else SendAnswer(sdp, now);
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
            Reject(reason.SipCode is >= 300 and < 700 and { } code ? code : 603, [.. reason.Lines()], EndCause.HungUp, now);
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

    public override void OnAck(DialogUsage dialog, SipMessage ack, TimeSpan now)
    {
        if (IsOver || phase != Phase.Answered || ack.CSeq!.Number != invite.Request.CSeq!.Number) return;
        var answer = awaitsAnswer ? MediaTypes.SdpOf(ack) : default;
        if (!answer.IsEmpty) usage.Media.TakeAnswer(answer);
        else if (awaitsAnswer) usage.Media.Withdraw();
        Confirm(answer, now);
    }

    /// <summary>Only an ACK can bring the answer that our 2xx asked for; else any later request of the caller's will do.</summary>
    public override bool TryConfirm(DialogUsage dialog, TimeSpan now)
    {
        if (IsOver || phase != Phase.Answered || awaitsAnswer) return false;
        Confirm(default, now);
        return !IsOver;
    }

    /// <summary>Before our 2xx the INVITE is refused; after it, no BYE before the ACK (RFC 3261 section 15).</summary>
    public override void LoseDialog(DialogUsage dialog, HangUpReason reason, TimeSpan now)
    {
        if (phase == Phase.Incoming) Reject(500, [], EndCause.DialogLost, now);
        else if (phase == Phase.Answered) HangUp(reason, now);
        else base.LoseDialog(dialog, reason, now);
    }

    /// <summary>PRACK ends the repetition of our response; an offer in it is answered in its 200 (RFC 3262 section 5).</summary>
    public override void OnPrack(DialogUsage dialog, SipMessage prack, Hop source, TimeSpan now)
    {
        if (reliable is null || !reliable.TryAcknowledge(prack))
        {
            Core.Respond(prack, source, 481, now);
            return;
        }
        var sdp = MediaTypes.SdpOf(prack);
        var answers = !sdp.IsEmpty && usage.Media.AwaitsFirstAnswer;
        var offers = !sdp.IsEmpty && !answers;
        var crosses = offers && usage.Media.State != OfferState.Stable;
        if (answers) usage.Media.TakeAnswer(sdp);
        var met = !offers || (!crosses && usage.Media.TryAnswer(sdp));
        Core.Respond(prack, source, met ? 200 : crosses ? 491 : 488, now, sdp: offers && met ? usage.Media.Local : default);
        if (answers || (offers && met)) Raise(usage.MediaChanged(sdp));
        if (IsOver || phase != Phase.Incoming) return; // the final response is out already
        reliable.SendNext(now);
        if (heldAnswer is { } held && !reliable.HoldsAnswer) SendAnswer(held, now);
    }

    /// <summary>A BYE in an early dialog is as good as CANCEL (RFC 3261 section 15.1.2).</summary>
    public override void OnBye(DialogUsage dialog, SipMessage bye, TimeSpan now)
    {
        if (phase == Phase.Incoming)
        {
            Cancel(bye, now);
            return;
        }
        invite.Acknowledge();
        Finish(new RemoteHungUp(Key, bye.ReasonCause(ReasonValue.Sip), bye.ReasonCause(ReasonValue.Q850)), now);
    }

    protected override void OnFinished()
    {
        reliable?.Stop();
        Core.Heap.Cancel(ringingLimit);
    }

    protected override void OnRemoved() => Core.Invites.Remove(InviteId(invite.Request));

    bool IsReliable(SipMessage request) =>
        Core.Options.Reliable != ReliableProvisional.Off && (request.Lists(HeaderId.Require, ReliableSequence.Tag)
            || (Core.Options.Reliable == ReliableProvisional.Required && request.Lists(HeaderId.Supported, ReliableSequence.Tag)));

    IReadOnlyList<HeaderLine> RingingHeaders() => [usage.Contact, Capabilities.Allow];

    byte[] WriteReliable(int code, ReadOnlyMemory<byte> sdp, uint rseq)
    {
        if (!sdp.IsEmpty) Exchange(sdp);
        HeaderLine[] headers =
        [
            .. RingingHeaders(), new(HeaderId.Require, ReliableSequence.Tag), new(HeaderId.RSeq, rseq.ToString(CultureInfo.InvariantCulture)),
        ];
        return Core.Responses.Write(invite.Request, invite.Source, code, LocalTag, headers, sdp);
    }

    void SendReliable(byte[] response, TimeSpan now)
    {
        if (phase == Phase.Incoming) invite.Respond(180, response, now);
    }

    void OnNoPrack(TimeSpan now) => Reject(504, [], EndCause.NoPrack, now);

    void SendAnswer(ReadOnlyMemory<byte> sdp, TimeSpan now)
    {
        reliable?.Stop();
        Core.Heap.Cancel(ringingLimit);
        heldAnswer = null;
        phase = Phase.Answered;
        // A description that a reliable response has brought already is not said again (RFC 3261 section 13.2.1).
        if (usage.Media.Remote.IsEmpty && usage.Media.State != OfferState.Offered) Exchange(sdp);
        else sdp = default;
        awaitsAnswer = usage.Media.AwaitsFirstAnswer;
        Respond(200, sdp, [.. usage.AnswerHeaders(), Capabilities.Accept, .. usage.Timer.Accept(invite.Request, now)], now);
    }

    /// <summary>Our first description: the answer to the caller's offer, or an offer if there was none.</summary>
    void Exchange(ReadOnlyMemory<byte> sdp)
    {
        if (usage.Media.State == OfferState.Asked) usage.Media.Answer(sdp);
        else if (usage.Media.State == OfferState.Stable && usage.Media.Remote.IsEmpty) usage.Media.Offer(sdp);
    }

    void Confirm(ReadOnlyMemory<byte> answer, TimeSpan now)
    {
        invite.Acknowledge();
        phase = Phase.Established;
        Raise(new Confirmed(Key, Snapshot(), answer));
        if (hangUp is not null) ByeAndFinish(hangUp, EndCause.HungUp, now);
    }

    void Respond(int code, ReadOnlyMemory<byte> sdp, IReadOnlyList<HeaderLine> headers, TimeSpan now) =>
        invite.Respond(code, Core.Responses.Write(invite.Request, invite.Source, code, LocalTag, headers, sdp), now);

    /// <summary>The caller's own limit ends its INVITE as CANCEL would (RFC 3261 section 13.3.1).</summary>
    void OnRingingLimit(TimeSpan now) => Reject(expires ? 487 : 480, [], EndCause.RingingLimit, now);
}
