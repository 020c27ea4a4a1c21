namespace OrleansCallback.Sip;

/// <summary>A re-INVITE of ours (RFC 3261 section 14.1): repeated after a glare, sent again with credentials, its 2xx acknowledged at once.</summary>
sealed class OutgoingReinvite : IClientUser
{
    readonly DialogUsage usage;
    readonly ReadOnlyMemory<byte> sdp;
    readonly bool isRefresh, isOptional;
    readonly DigestExchange exchange = new();
    readonly GlareRetry glare;
    readonly SipTimer limit;
    InviteClientTransaction? transaction;
    (ClientTransaction Of, SentRequest Ack)? acknowledged;
    ReadOnlyMemory<byte> before, answer, preview;
    bool cancelled;

    public OutgoingReinvite(DialogUsage usage, ReadOnlyMemory<byte> sdp, bool isRefresh, bool isOptional = false)
    {
        (this.usage, this.sdp, this.isRefresh, this.isOptional) = (usage, sdp, isRefresh, isOptional);
        glare = new GlareRetry(usage, Send);
        limit = new SipTimer(Cancel);
    }

    /// <summary>True until the application has its result.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>True while a request of the peer would cross ours.</summary>
    public bool IsInFlight => IsOpen && !glare.IsWaiting;

    Call Call => usage.Call;

    AgentCore Core => usage.Call.Core;

    public void Send(TimeSpan now)
    {
        var parts = usage.Next(SipMethod.Invite);
        (before, answer, preview) = (usage.Media.Remote, default, default);
        var offer = usage.Media.Offer(sdp);
        List<HeaderLine> headers = [.. usage.ChangeHeaders(), .. Call.Digest.Authorize(SipMethod.Invite, parts.RequestUri, offer)];
        Call.Enter();
        transaction = new InviteClientTransaction(Core.Layer, this, Core.Requests.Compose(parts, headers, offer), now);
    }

    /// <summary>The call is over: no more tries, and the open one is not waited for without end.</summary>
    public void Stop(TimeSpan now)
    {
        Close();
        transaction?.Abandon(now);
    }

    public void OnResponse(ClientTransaction sender, SipMessage response, TimeSpan now)
    {
        if (sender.Request.Method != SipMethod.Invite) return; // CANCEL's own response
        var code = response.StatusCode;
        if (code < 200)
        {
            OnProvisional(response, now);
            return;
        }
        Core.Heap.Cancel(limit);
        if (code < 300)
        {
            Succeed(sender, response, now);
            return;
        }
        if (!IsOpen) return;
        usage.Media.Withdraw();
        if (code is 401 or 407 && Call.Digest.TryTake(response, exchange)) Send(now);
        else if (code == 422 && usage.Timer.TryRaise(response)) Send(now);
        else if (code != 491 || !glare.TryWait(now)) Fail(code, response, now);
    }

    /// <summary>A request that was cancelled counts as cancelled although its 487 never came (RFC 3261 section 9.1).</summary>
    public void OnTimeout(ClientTransaction sender, TimeSpan now)
    {
        if (IsOpen && sender == transaction) Fail(cancelled ? 487 : 408, null, now);
    }

    public void OnClientTerminated(ClientTransaction sender, TimeSpan now) => Call.Leave();

    void OnProvisional(SipMessage response, TimeSpan now)
    {
        if (IsOpen && !cancelled && !limit.IsRunning) Core.Heap.Set(limit, now + Core.Options.ReinviteLimit);
        var description = MediaTypes.SdpOf(response);
        if (ReliableSequence.Of(response) is not { } rseq)
        {
            if (!description.IsEmpty) preview = description;
            return;
        }
        if (!usage.TryTakeProvisional(response, rseq, now)) return;
        if (IsOpen) TakeAnswer(description);
        usage.AcknowledgeProvisional(response, now);
    }

    /// <summary>The first description in a reliable response is the answer, whatever comes later (RFC 3261 section 13.2.1, RFC 3262 section 5).</summary>
    void TakeAnswer(ReadOnlyMemory<byte> description)
    {
        if (!answer.IsEmpty || description.IsEmpty) return;
        answer = description;
        usage.Media.TakeAnswer(description);
    }

    /// <summary>The peer goes on saying that it works on it, and nobody else may change the session meanwhile.</summary>
    void Cancel(TimeSpan now)
    {
        cancelled = true;
        Call.Enter();
        _ = new NonInviteClientTransaction(Core.Layer, this, transaction!.Request.Cancel([]), now);
        transaction.Abandon(now);
    }

    void Close()
    {
        IsOpen = false;
        glare.Stop();
        Core.Heap.Cancel(limit);
    }

    void Succeed(ClientTransaction sender, SipMessage response, TimeSpan now)
    {
        if (acknowledged?.Of != sender)
        {
            usage.Dialog.Refresh(response);
            acknowledged = (sender, Core.Requests.Compose(usage.Ack(sender.Request.Parts.CSeq), sender.Request.Authorization));
        }
        var ack = acknowledged.Value.Ack;
        Core.Send(new Transmit(ack.Destination, ack.Bytes));
        if (!IsOpen) return;
        Close();
        Call.Digest.Learn(response);
        usage.Timer.OnSuccess(response, now);
        TakeAnswer(MediaTypes.SdpOf(response));
        TakeAnswer(preview);
        usage.Media.Withdraw(); // a 2xx without any answer
        if (!isRefresh)
            Call.Raise(new ReinviteDone(Call.Key, response.StatusCode, usage.Snapshot(), answer) { Agreed = answer.IsEmpty ? null : usage.Media.Agreed });
        else if (!answer.IsEmpty && !answer.Span.SequenceEqual(before.Span)) Call.Raise(usage.MediaChanged(answer));
    }

    void Fail(int code, SipMessage? response, TimeSpan now)
    {
        Close();
        usage.Media.Withdraw();
        if (!isRefresh) Call.Raise(new ReinviteDone(Call.Key, code, usage.Snapshot(), default));
        if (!answer.IsEmpty) Call.Raise(usage.MediaChanged(answer));
        if (code != 408 || !isOptional) usage.OnChangeFailed(code, response, isRefresh, now);
        // What was answered reliably holds although it was refused later: both sides shall say the same (RFC 6141 section 3.4).
        if (!answer.IsEmpty && !isRefresh && !Call.IsOver) usage.Restate(now);
    }
}
