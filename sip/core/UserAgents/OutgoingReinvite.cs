namespace OrleansCallback.Sip;

/// <summary>A re-INVITE of ours (RFC 3261 section 14.1): repeated after a glare, sent again with credentials, its 2xx acknowledged at once.</summary>
sealed class OutgoingReinvite : IClientUser
{
    /// <summary>The most tries when both sides keep re-inviting at the same time.</summary>
    const int MaxGlares = 4;

    readonly Call call;
    readonly ReadOnlyMemory<byte> sdp;
    readonly DigestExchange exchange = new();
    readonly SipTimer retry;
    InviteClientTransaction? transaction;
    SentRequest? ack;
    int glares;

    public OutgoingReinvite(Call call, ReadOnlyMemory<byte> sdp)
    {
        this.call = call;
        this.sdp = sdp;
        retry = new SipTimer(Send);
    }

    /// <summary>True until the application has its result.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>True while a request of the peer would cross ours.</summary>
    public bool IsInFlight => IsOpen && !retry.IsRunning;

    public void Send(TimeSpan now)
    {
        var core = call.Core;
        var parts = call.Dialog!.Next(SipMethod.Invite, core.Tokens.Branch());
        HeaderLine[] headers =
        [
            new(HeaderId.Contact, $"<{call.Dialog.LocalContact}>"), Capabilities.Allow,
            .. call.Digest.Authorize(SipMethod.Invite, parts.RequestUri),
        ];
        call.Enter();
        ack = null;
        transaction = new InviteClientTransaction(core.Layer, this, core.Requests.Compose(parts, headers, sdp), now);
    }

    /// <summary>The call is over: no more tries, and the open one is not waited for without end.</summary>
    public void Stop(TimeSpan now)
    {
        IsOpen = false;
        call.Core.Heap.Cancel(retry);
        transaction?.Abandon(now);
    }

    public void OnResponse(ClientTransaction sender, SipMessage response, TimeSpan now)
    {
        if (response.StatusCode < 200) return;
        if (response.StatusCode < 300) Succeed(sender, response, now);
        else if (!IsOpen) return;
        else if (response.StatusCode is 401 or 407 && call.Digest.TryTake(response, exchange)) Send(now);
        else if (response.StatusCode == 491 && ++glares < MaxGlares) call.Core.Heap.Set(retry, now + GlareWait());
        else Fail(response.StatusCode, now);
    }

    public void OnTimeout(ClientTransaction sender, TimeSpan now)
    {
        if (IsOpen) Fail(408, now);
    }

    public void OnClientTerminated(ClientTransaction sender, TimeSpan now) => call.Leave();

    void Succeed(ClientTransaction sender, SipMessage response, TimeSpan now)
    {
        var core = call.Core;
        if (ack is null)
        {
            call.Dialog!.Refresh(response);
            var parts = call.Dialog.Ack(sender.Request.Parts.CSeq, core.Tokens.Branch());
            ack = core.Requests.Compose(parts, sender.Request.Authorization);
        }
        core.Send(new Transmit(ack.Destination, ack.Bytes));
        if (!IsOpen) return;
        IsOpen = false;
        call.Media.SetLocal(sdp);
        call.Media.Remote = MediaTypes.SdpOf(response);
        call.Raise(new ReinviteDone(call.Key, response.StatusCode, call.Snapshot(), call.Media.Remote));
    }

    /// <summary>481 and 408 mean that the dialog is gone (RFC 3261 section 12.2.1.2); after anything else the session stays as it was.</summary>
    void Fail(int code, TimeSpan now)
    {
        IsOpen = false;
        call.Raise(new ReinviteDone(call.Key, code, call.Snapshot(), default));
        if (code is 481 or 408) call.ByeAndFinish(HangUpReason.Normal, EndCause.DialogLost, now);
    }

    /// <summary>The owner of the Call-ID waits 2.1-4 s, the other side 0-2 s, in steps of 10 ms (RFC 3261 section 14.1).</summary>
    TimeSpan GlareWait() => TimeSpan.FromMilliseconds(
        call.OwnsCallId ? 2_100 + 10 * call.Core.Tokens.Number(191) : 10 * call.Core.Tokens.Number(201));
}
