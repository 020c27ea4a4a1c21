namespace OrleansCallback.Sip;

/// <summary>A call that we make: INVITE with its tries, CANCEL, the ACK that waits for the application, surplus answers of a fork.</summary>
sealed class OutgoingCall : Call, IClientUser
{
    enum Phase
    {
        /// <summary>INVITE is out, nothing has come: CANCEL must wait (RFC 3261 section 9.1).</summary>
        Calling,
        /// <summary>A provisional response came.</summary>
        Proceeding,
        /// <summary>A 2xx came; the application has not acknowledged it.</summary>
        Answered,
        Established,
    }

    readonly ReadOnlyMemory<byte> offer;
    readonly OutgoingHops hops;
    readonly Target target;
    readonly DigestExchange exchange = new();
    readonly AnswerAcks acks;
    readonly SipTimer acknowledgeLimit, ringingLimit, nextServer;
    InviteAttempt attempt;
    InviteClientTransaction invite = null!;
    Phase phase;
    HangUpReason? hangUp;
    EndCause cause = EndCause.HungUp;
    bool cancelSent;
    (int Code, ReadOnlyMemory<byte> Sdp) lastRinging;
    (string Tag, ReadOnlyMemory<byte> Sdp) early = ("", default);

    public OutgoingCall(AgentCore core, InviteAttempt attempt, Target target, ReadOnlyMemory<byte> offer, Credentials? credentials)
        : base(core, attempt.AttemptId, credentials)
    {
        (this.attempt, this.target, this.offer) = (attempt, target, offer);
        acks = new AnswerAcks(this);
        acknowledgeLimit = new SipTimer(now => EndAnswered(HangUpReason.Normal, EndCause.NotAcknowledged, now));
        ringingLimit = new SipTimer(OnRingingLimit);
        nextServer = new SipTimer(now => TryNextServer(now));
        hops = new OutgoingHops(core, target, attempt.CallId);
        Media.SetLocal(offer);
    }

    public override bool OwnsCallId => true;

    public override bool IsEstablished => phase == Phase.Established;

    public void Start(TimeSpan now)
    {
        Core.Calls.Add(Key, this);
        Core.Heap.Set(ringingLimit, now + Core.Options.RingingLimit);
        if (!Core.Servers.WhenKnown(target, now, OnLocated)) FinishUnreachable(now);
    }

    public CommandResult Acknowledge(TimeSpan now)
    {
        if (IsOver || phase != Phase.Answered) return CommandResult.WrongState;
        Core.Heap.Cancel(acknowledgeLimit);
        acks.Send(Dialog!, invite.Request);
        phase = Phase.Established;
        return CommandResult.Done;
    }

    public override void HangUp(HangUpReason reason, TimeSpan now)
    {
        if (IsOver || hangUp is not null) return;
        hangUp = reason;
        if (phase == Phase.Answered) EndAnswered(reason, cause, now);
        else if (phase == Phase.Established) ByeAndFinish(reason, cause, now);
        else if (phase == Phase.Proceeding) SendCancel(now);
    }

    public void OnResponse(ClientTransaction transaction, SipMessage response, TimeSpan now)
    {
        Core.Heap.Cancel(nextServer);
        if (hops.IsBefore(transaction)) DeclineLate(transaction, response, now);
        if (transaction != invite) return; // CANCEL's own response, or a try before this one
        if (response.StatusCode < 200) OnProvisional(response, now);
        else if (response.StatusCode < 300) OnSuccess(response, now);
        else OnFailure(response, now);
    }

    public void OnTimeout(ClientTransaction transaction, TimeSpan now)
    {
        if (transaction != invite || TryNextServer(now)) return;
        if (hangUp is null) Finish(new Refused(Key, 408, RefusedBy.Timeout, null, null, []), now);
        else Finish(new Ended(Key, cause), now);
    }

    public void OnUnreachable(ClientTransaction transaction, TimeSpan now)
    {
        if (transaction != invite || TryNextServer(now)) return;
        if (hangUp is null) FinishUnreachable(now);
        else Finish(new Ended(Key, cause), now);
    }

    public void OnClientTerminated(ClientTransaction transaction, TimeSpan now) => Leave();

    protected override void OnFinished()
    {
        Core.Heap.Cancel(acknowledgeLimit);
        Core.Heap.Cancel(ringingLimit);
        Core.Heap.Cancel(nextServer);
    }

    /// <summary>The peer answered and hung up before the application acknowledged; the 2xx gets its ACK all the same.</summary>
    protected override void OnBye(SipMessage bye, TimeSpan now)
    {
        if (phase == Phase.Answered) acks.Send(Dialog!, invite.Request);
        Finish(new RemoteHungUp(Key, bye.ReasonCause(ReasonValue.Sip), bye.ReasonCause(ReasonValue.Q850)), now);
    }

    void SendInvite(TimeSpan now)
    {
        attempt = attempt with { Contact = Core.Addresses.Contact(attempt.Contact, hops.Current) };
        var parts = new RequestParts(SipMethod.Invite, attempt.RequestUri, attempt.SentBy, attempt.Branch(), attempt.From, attempt.To,
            attempt.CallId, attempt.CSeq, attempt.Routes, hops.Current);
        List<HeaderLine> headers = [new(HeaderId.Contact, $"<{attempt.Contact}>"), Capabilities.Allow, Capabilities.Accept];
        if (attempt.AssertedIdentity is { } identity) headers.Add(new(HeaderId.PAssertedIdentity, identity));
        headers.AddRange(Digest.Authorize(SipMethod.Invite, attempt.RequestUri));
        phase = Phase.Calling;
        Enter();
        invite = new InviteClientTransaction(Core.Layer, this, Core.Requests.Compose(parts, headers, offer), now);
        if (hops.HasNext) Core.Heap.Set(nextServer, now + Core.Options.NextServerAfter);
    }

    /// <summary>The servers of the target are known now, or known to be unknown.</summary>
    void OnLocated(TimeSpan now)
    {
        if (IsOver) return;
        if (hangUp is not null) Finish(new Ended(Key, cause), now);
        else if (hops.TryBegin()) SendInvite(now);
        else FinishUnreachable(now);
    }

    /// <summary>The same call by the next server: another try, another branch (RFC 3263 section 4.3).</summary>
    bool TryNextServer(TimeSpan now)
    {
        if (IsOver || hangUp is not null || phase == Phase.Proceeding && lastRinging.Code != 0 || !hops.TryNext(invite, now)) return false;
        attempt = attempt.NextTry();
        SendInvite(now);
        return true;
    }

    /// <summary>A server that was given up answers after all: the call is elsewhere now.</summary>
    void DeclineLate(ClientTransaction transaction, SipMessage response, TimeSpan now)
    {
        if (response.StatusCode is >= 200 and < 300) acks.Decline(attempt, response, transaction.Request, now);
        else if (response.StatusCode < 200) Cancel(transaction.Request, [], now);
    }

    void FinishUnreachable(TimeSpan now) => Finish(new Refused(Key, 503, RefusedBy.Transport, null, null, []), now);

    void OnProvisional(SipMessage response, TimeSpan now)
    {
        phase = Phase.Proceeding;
        if (hangUp is not null)
        {
            SendCancel(now);
            return;
        }
        var sdp = MediaTypes.SdpOf(response);
        if (!sdp.IsEmpty) early = (response.To!.Tag, sdp);
        var same = response.StatusCode == lastRinging.Code && sdp.Span.SequenceEqual(lastRinging.Sdp.Span);
        if (response.StatusCode == 100 || same) return;
        lastRinging = (response.StatusCode, sdp);
        Raise(new Ringing(Key, response.StatusCode, sdp));
    }

    void OnSuccess(SipMessage response, TimeSpan now)
    {
        if (Dialog is not null)
        {
            // Again the same answer: its ACK was lost. Another tag: another branch of a fork answered too.
            if (response.To!.Tag == Dialog.Id.RemoteTag) acks.Repeat(Dialog);
            else acks.Decline(attempt, response, invite.Request, now);
            return;
        }
        var dialog = Dialog.OfCaller(attempt, response, invite.Peer);
        Register(dialog);
        phase = Phase.Answered;
        Core.Heap.Cancel(ringingLimit);
        var sdp = MediaTypes.SdpOf(response);
        Media.Remote = sdp.IsEmpty && early.Tag == response.To!.Tag ? early.Sdp : sdp;
        if (hangUp is not null)
        {
            EndAnswered(hangUp, cause, now); // CANCEL crossed the 2xx
            return;
        }
        Core.Heap.Set(acknowledgeLimit, now + Core.Options.AcknowledgeLimit);
        Raise(new Answered(Key, Snapshot(), Media.Remote));
    }

    void OnFailure(SipMessage response, TimeSpan now)
    {
        var code = response.StatusCode;
        if (hangUp is not null)
        {
            Finish(new Ended(Key, cause), now);
        }
        else if (code is 401 or 407 && Digest.TryTake(response, exchange))
        {
            attempt = attempt.NextTry();
            SendInvite(now);
        }
        else if (code != 503 || !TryNextServer(now))
        {
            IReadOnlyList<string> contacts = code < 400 ? [.. response.Addresses(HeaderId.Contact).Select(c => c.Uri)] : [];
            Finish(new Refused(Key, code, RefusedBy.Peer, response.ReasonCause(ReasonValue.Q850),
                RetryAfter.Parse(response.Header(HeaderId.RetryAfter)), contacts), now);
        }
    }

    void SendCancel(TimeSpan now)
    {
        if (cancelSent) return;
        cancelSent = true;
        Cancel(invite.Request, [.. hangUp!.Values().Select(v => new HeaderLine(HeaderId.Reason, v))], now);
        invite.Abandon(now);
    }

    void Cancel(SentRequest request, IReadOnlyList<HeaderLine> reasons, TimeSpan now)
    {
        var cancel = request.Cancel(reasons);
        if (Core.Layer.Find(TransactionKey.Client(cancel.Branch, SipMethod.Cancel.Text())) is not null) return; // sent already
        Enter();
        _ = new NonInviteClientTransaction(Core.Layer, this, cancel, now);
    }

    void EndAnswered(HangUpReason reason, EndCause why, TimeSpan now)
    {
        acks.Send(Dialog!, invite.Request);
        ByeAndFinish(reason, why, now);
    }

    void OnRingingLimit(TimeSpan now)
    {
        cause = EndCause.RingingLimit;
        HangUp(new HangUpReason(Q850: 19), now); // no answer from user (user alerted)
    }
}
