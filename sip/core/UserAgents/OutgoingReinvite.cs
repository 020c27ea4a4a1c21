
namespace OrleansCallback.Sip;

/// <summary>A re-INVITE of ours (RFC 3261 section 14.1): repeated after a glare, sent again with credentials, its 2xx acknowledged at once.</summary>
sealed class OutgoingReinvite : IClientUser
{
    readonly DialogUsage usage;
    readonly ReadOnlyMemory<byte> sdp;
    readonly bool isRefresh;
    readonly DigestExchange exchange = new();
    readonly GlareRetry glare;
    InviteClientTransaction? transaction;
    SentRequest? ack;

    public OutgoingReinvite(DialogUsage usage, ReadOnlyMemory<byte> sdp, bool isRefresh)
    {
        (this.usage, this.sdp, this.isRefresh) = (usage, sdp, isRefresh);
        glare = new GlareRetry(usage, Send);
    }

    /// <summary>True until the application has its result.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>True while a request of the peer would cross ours.</summary>
    public bool IsInFlight => IsOpen && !glare.IsWaiting;

    Call Call => usage.Call;

    public void Send(TimeSpan now)
    {
        var core = Call.Core;
        var parts = usage.Dialog.Next(SipMethod.Invite, core.Tokens.Branch());
        var offer = usage.Media.Offer(sdp);
        List<HeaderLine> headers = [.. usage.ChangeHeaders(), .. Call.Digest.Authorize(SipMethod.Invite, parts.RequestUri, offer)];
        Call.Enter();
        ack = null;
        transaction = new InviteClientTransaction(core.Layer, this, core.Requests.Compose(parts, headers, offer), now);
    }

    /// <summary>The call is over: no more tries, and the open one is not waited for without end.</summary>
    public void Stop(TimeSpan now)
    {
        IsOpen = false;
        glare.Stop();
        transaction?.Abandon(now);
    }

    public void OnResponse(ClientTransaction sender, SipMessage response, TimeSpan now)
    {
        var code = response.StatusCode;
        if (code < 200)
        {
            if (ReliableSequence.Of(response) is { } rseq && usage.TryTakeProvisional(response, rseq, now))
                usage.AcknowledgeProvisional(response, now);
            return;
        }
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

    public void OnTimeout(ClientTransaction sender, TimeSpan now)
    {
        if (IsOpen) Fail(408, null, now);
    }

    public void OnClientTerminated(ClientTransaction sender, TimeSpan now) => Call.Leave();

    void Succeed(ClientTransaction sender, SipMessage response, TimeSpan now)
    {
        var core = Call.Core;
        if (ack is null)
        {
            usage.Dialog.Refresh(response);
            var parts = usage.Dialog.Ack(sender.Request.Parts.CSeq, core.Tokens.Branch());
            ack = core.Requests.Compose(parts, sender.Request.Authorization);
        }
        core.Send(new Transmit(ack.Destination, ack.Bytes));
        if (!IsOpen) return;
        IsOpen = false;
        Call.Digest.Learn(response);
        usage.Timer.OnSuccess(response, now);
        var (before, answer) = (usage.Media.Remote, MediaTypes.SdpOf(response));
        usage.Media.TakeAnswer(answer);
        if (!isRefresh) Call.Raise(new ReinviteDone(Call.Key, response.StatusCode, usage.Snapshot(), answer));
        else if (!answer.Span.SequenceEqual(before.Span)) Call.Raise(new MediaChanged(Call.Key, usage.Snapshot(), answer));
    }

    void Fail(int code, SipMessage? response, TimeSpan now)
    {
        IsOpen = false;
        usage.Media.Withdraw();
        if (!isRefresh) Call.Raise(new ReinviteDone(Call.Key, code, usage.Snapshot(), default));
        usage.OnChangeFailed(code, response, isRefresh, now);
    }
}
