
namespace OrleansCallback.Sip;

/// <summary>A call that we make: INVITE with its tries, CANCEL, the ACK that waits for the application, the phones of a fork.</summary>
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

    /// <summary>The most INVITEs that are sent anew because an interval was too small (RFC 4028 section 7.3).</summary>
    const int MaxIntervals = 3;

    readonly OutgoingHops hops;
    readonly Target target;
    readonly SessionMedia media = new();
    readonly DigestExchange exchange = new();
    readonly Forks forks;
    readonly AnswerAcks acks;
    readonly SipTimer acknowledgeLimit, ringingLimit, nextServer;
    ReadOnlyMemory<byte> offer;
    InviteAttempt attempt;
    InviteClientTransaction? invite;
    Phase phase;
    HangUpReason? hangUp;
    EndCause cause = EndCause.HungUp;
    bool cancelSent;
    bool heard;
    bool hasRung;
    int lastTagless;
    TimeSpan? minimumInterval;
    int intervals;

    public OutgoingCall(AgentCore core, InviteAttempt attempt, Target target, ReadOnlyMemory<byte> offer, Credentials? credentials)
        : base(core, attempt.AttemptId, credentials)
    {
        (this.attempt, this.target, this.offer) = (attempt, target, offer);
        acks = new AnswerAcks(this);
        forks = new Forks(dialog => Register(dialog, media.Fork()));
        acknowledgeLimit = new SipTimer(now => EndAnswered(HangUpReason.Normal, EndCause.NotAcknowledged, now));
        ringingLimit = new SipTimer(OnRingingLimit);
        nextServer = new SipTimer(now => TryNextServer(now));
        hops = new OutgoingHops(core, target, attempt.CallId);
        if (!offer.IsEmpty) media.Offer(offer);
    }

    public override bool OwnsCallId => true;

    public override string? Product => attempt.Product;

    public override bool IsEstablished => phase == Phase.Established;

    protected override DialogUsage? UpdatableUsage => Usage ?? forks.Single;

    /// <summary>Without an offer of ours a reliable response would bring one, and its answer is the application's to give, in the ACK.</summary>
    ReliableProvisional Reliable => offer.IsEmpty ? ReliableProvisional.Off : attempt.Reliable ?? Core.Options.Reliable;

    public void Start(TimeSpan now)
    {
        Core.Calls.Add(Key, this);
        Core.Heap.Set(ringingLimit, now + Core.Options.RingingLimit);
        if (!Core.Servers.WhenKnown(target, now, OnLocated)) FinishUnreachable(now);
    }

    public CommandResult Acknowledge(ReadOnlyMemory<byte> answer, TimeSpan now)
    {
        if (IsOver || phase != Phase.Answered) return CommandResult.WrongState;
        Core.Heap.Cancel(acknowledgeLimit);
        if (Usage!.Media.State == OfferState.Asked) Usage.Media.Answer(answer);
        else answer = default;
        acks.Send(Usage, invite!.Request, answer);
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
        else invite?.StopRepeating();
    }

    public void OnResponse(ClientTransaction transaction, SipMessage response, TimeSpan now)
    {
        if (transaction.Request.Method != SipMethod.Invite) return; // CANCEL's own response
        Core.Heap.Cancel(nextServer);
        if (attempt.TellsTrying && !heard) Raise(new Trying(Key));
        heard = true;
        // A server that was given up rings after all: the call is elsewhere now.
        if (hops.IsBefore(transaction) && response.StatusCode < 200) Cancel(transaction.Request, [], now);
        if (response.StatusCode is >= 200 and < 300) OnSuccess(transaction, response, now);
        else if (transaction != invite) return; // a try before this one
        else if (response.StatusCode < 200) OnProvisional(response, now);
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

    /// <summary>64 × T1 after an answer, phones that only rang are forgotten (RFC 3261 section 13.2.2.4).</summary>
    public void OnClientTerminated(ClientTransaction transaction, TimeSpan now)
    {
        if (transaction == invite && !IsOver)
        {
            ForgetForks(now);
            // The 2xx was one that cannot be taken: of a dialog that an earlier try had declined, or of one phone too many.
            if (Usage is null) Finish(new Ended(Key, hangUp is null ? EndCause.DialogLost : cause), now);
        }
        if (transaction == invite && phase == Phase.Established)
        {
            // No repetition of the answer finds this call any more: a long call need not hold what it would be answered with.
            invite = null;
            acks.Forget();
        }
        Leave();
    }

    protected override void OnFinished()
    {
        Core.Heap.Cancel(acknowledgeLimit);
        Core.Heap.Cancel(ringingLimit);
        Core.Heap.Cancel(nextServer);
    }

    public override void OnBye(DialogUsage usage, SipMessage bye, TimeSpan now)
    {
        if (usage != Usage)
        {
            usage.Decline(now); // one phone of a fork has left before it answered
            return;
        }
        // It answered and hung up before the application acknowledged; the 2xx gets its ACK all the same.
        if (phase == Phase.Answered) acks.Send(usage, invite!.Request);
        Finish(new RemoteHungUp(Key, bye.ReasonCause(ReasonValue.Sip), bye.ReasonCause(ReasonValue.Q850)), now);
    }

    /// <summary>A phone that only rings may be lost without the call; an answer that nobody has acknowledged gets its ACK first.</summary>
    public override void LoseDialog(DialogUsage usage, HangUpReason reason, TimeSpan now)
    {
        if (usage != Usage) usage.Decline(now);
        else if (phase == Phase.Answered) EndAnswered(reason, EndCause.DialogLost, now);
        else base.LoseDialog(usage, reason, now);
    }

    void SendInvite(TimeSpan now)
    {
        ForgetForks(now);
        attempt = attempt with { Contact = Core.Addresses.Contact(attempt.Contact, hops.Current) };
        var parts = new RequestParts(SipMethod.Invite, attempt.RequestUri, attempt.SentBy, attempt.Branch(), attempt.From, attempt.To,
            attempt.CallId, attempt.CSeq, attempt.Routes, hops.Current) { Product = attempt.Product };
        List<HeaderLine> headers =
        [
            new(HeaderId.Contact, $"<{attempt.Contact}>"), Capabilities.Allow, Capabilities.Accept,
            .. Core.Abilities.Extensions(Reliable), .. SessionTimer.Offer(Core.Options, minimumInterval),
        ];
        if (attempt.AssertedIdentity is { } identity) headers.Add(new(HeaderId.PAssertedIdentity, identity));
        if (attempt.Privacy is { } privacy) headers.Add(new(HeaderId.Privacy, privacy));
        headers.AddRange(Digest.Authorize(SipMethod.Invite, attempt.RequestUri, offer));
        phase = Phase.Calling;
        Enter();
        invite = new InviteClientTransaction(Core.Layer, this, Core.Requests.Compose(parts, headers, offer, attempt.ExtraHeaders), now);
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
        if (IsOver || hangUp is not null || hasRung || !hops.TryNext(invite!, now)) return false;
        attempt = attempt.NextTry();
        SendInvite(now);
        return true;
    }

    void FinishUnreachable(TimeSpan now) => Finish(new Refused(Key, 503, RefusedBy.Transport, null, null, []), now);

    void OnProvisional(SipMessage response, TimeSpan now)
    {
        phase = Phase.Proceeding;
        hasRung |= response.StatusCode > 100;
        if (response.StatusCode > 100 && response.To!.Tag.Length > 0)
        {
            if (forks.Of(attempt, response, invite!.Request) is { } usage) OnEarly(usage, response, now);
        }
        else if (response.StatusCode > 100 && response.StatusCode != lastTagless)
        {
            lastTagless = response.StatusCode; // no dialog comes of it: a proxy's own word, or an old phone's
            Raise(new Ringing(Key, response.StatusCode, MediaTypes.SdpOf(response)));
        }
        if (hangUp is not null) SendCancel(now);
    }

    /// <summary>A provisional response in an early dialog, reliable or not (RFC 3262 sections 4 and 5).</summary>
    void OnEarly(DialogUsage usage, SipMessage response, TimeSpan now)
    {
        usage.Dialog.Learn(response);
        var sdp = MediaTypes.SdpOf(response);
        if (ReliableSequence.Of(response) is { } rseq)
        {
            if (!usage.TryTakeProvisional(response, rseq, now)) return;
            usage.Dialog.Refresh(response);
            if (!sdp.IsEmpty && usage.Media.AwaitsFirstAnswer) usage.Media.TakeAnswer(sdp); // the first description is the answer, whatever comes later (RFC 3261 section 13.2.1)
            usage.AcknowledgeProvisional(response, now);
        }
        else if (!sdp.IsEmpty && usage.Media.AwaitsFirstAnswer)
        {
            usage.Preview = sdp;
        }
        var same = response.StatusCode == usage.LastRinging.Code && sdp.Span.SequenceEqual(usage.LastRinging.Sdp.Span);
        if (same || hangUp is not null) return;
        usage.LastRinging = (response.StatusCode, sdp);
        Raise(new Ringing(Key, response.StatusCode, sdp) { RemoteTag = response.To!.Tag });
    }

    void OnSuccess(ClientTransaction transaction, SipMessage response, TimeSpan now)
    {
        if (forks.Of(attempt, response, transaction.Request) is not { } usage || acks.TryRepeat(usage)) return;
        if (usage == Usage) return; // the application has not acknowledged it yet
        if (Usage is not null || IsOver || transaction != invite)
        {
            Decline(usage, transaction, response, now);
            return;
        }
        Usage = usage;
        usage.Dialog.Confirm(response);
        phase = Phase.Answered;
        Core.Heap.Cancel(ringingLimit);
        Digest.Learn(response);
        var sdp = MediaTypes.SdpOf(response);
        if (usage.Media.AwaitsFirstAnswer) usage.Media.TakeAnswer(sdp.IsEmpty ? usage.Preview : sdp);
        else if (usage.Media.Remote.IsEmpty) usage.Media.TakeOffer(sdp);
        if (hangUp is not null)
        {
            EndAnswered(hangUp, cause, now); // CANCEL crossed the 2xx
            return;
        }
        usage.Timer.OnSuccess(response, now);
        Core.Heap.Set(acknowledgeLimit, now + Core.Options.AcknowledgeLimit);
        Raise(new Answered(Key, Snapshot(), usage.Media.State == OfferState.Asked ? sdp : usage.Media.Remote) { Agreed = usage.Media.Agreed });
    }

    /// <summary>A phone answered that is too late or one too many: ACK and BYE (RFC 3261 sections 9.1 and 13.2.2.4).</summary>
    void Decline(DialogUsage usage, ClientTransaction transaction, SipMessage response, TimeSpan now)
    {
        usage.Dialog.Confirm(response);
        acks.Send(usage, transaction.Request);
        usage.Decline(now);
        new OutgoingBye(usage, hangUp ?? new HangUpReason(Q850: 26)).Send(now); // non-selected user clearing
    }

    void OnFailure(SipMessage response, TimeSpan now)
    {
        var code = response.StatusCode;
        if (hangUp is not null)
        {
            Finish(new Ended(Key, cause), now);
        }
        else if ((code is 401 or 407 && Digest.TryTake(response, exchange)) || (code == 422 && TryInterval(response)) || (code is 488 or 606 && TryInsist()))
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

    /// <summary>422 Session Interval Too Small: again with the peer's minimum (RFC 4028 section 7.3).</summary>
    bool TryInterval(SipMessage response)
    {
        if (Core.Options.SessionExpires is not { } asked || intervals++ == MaxIntervals) return false;
        if (SessionTimer.Larger(response, minimumInterval ?? asked) is not { } larger) return false;
        minimumInterval = larger;
        return true;
    }

    /// <summary>
    /// A peer that must encrypt takes RTP/SAVP alone and refuses RTP/AVP whatever keys come with it: once more, in its way (RFC 8643 has no other
    /// for it). Not if a phone has rung: then it was not the protocol.
    /// </summary>
    bool TryInsist()
    {
        if (hasRung || LaterOffer.Insisting(offer.Span) is not { } insisting) return false;
        offer = media.Offer(insisting);
        return true;
    }

    void SendCancel(TimeSpan now)
    {
        if (cancelSent) return;
        cancelSent = true;
        Cancel(invite!.Request, [.. hangUp!.Lines()], now);
        invite!.Abandon(now);
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
        acks.Send(Usage!, invite!.Request);
        ByeAndFinish(reason, why, now);
    }

    void ForgetForks(TimeSpan now)
    {
        foreach (var usage in forks.All.Where(usage => usage != Usage).ToList())
        {
            Forget(usage, now);
            forks.Remove(usage);
        }
    }

    void OnRingingLimit(TimeSpan now)
    {
        cause = EndCause.RingingLimit;
        HangUp(new HangUpReason(Q850: 19), now); // no answer from user (user alerted)
    }
}
