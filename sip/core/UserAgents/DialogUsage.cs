
namespace OrleansCallback.Sip;

/// <summary>
/// One dialog of a call with the session in it: the requests of both sides that keep, change and end it. A forked INVITE has several of
/// these until one is answered (RFC 3261 section 12.1, RFC 5057 for the word).
/// </summary>
sealed class DialogUsage
{
    OutgoingReinvite? reinvite;
    OutgoingUpdate? update;
    OutgoingPrack? prack;
    IncomingReinvite? lastReinvite;
    (int CSeq, uint RSeq) provisional;
    bool peerHungUp;

    public DialogUsage(Call call, Dialog dialog, SessionMedia media)
    {
        (Call, Dialog, Media) = (call, dialog, media);
        Timer = new SessionTimer(this);
    }

    public Call Call { get; }
    public Dialog Dialog { get; }
    public SessionMedia Media { get; }
    public SessionTimer Timer { get; }

    /// <summary>What the last provisional response on this dialog said, so that its repetition is not told again.</summary>
    public (int Code, ReadOnlyMemory<byte> Sdp) LastRinging { get; set; }

    /// <summary>A description from a provisional response that was not reliable: what the answer will say.</summary>
    public ReadOnlyMemory<byte> Preview { get; set; }

    /// <summary>True when the call lives in another dialog: this one ends, or never began.</summary>
    public bool IsDeclined { get; private set; }

    /// <summary>False when another phone of the fork has the call: what this one still says of its session is none of the application's business.</summary>
    public bool IsOfCall => Call.Usage is null || Call.Usage == this;

    /// <summary>True while a change of the session is open: another one has to wait (RFC 3264 section 4).</summary>
    public bool IsBusy => Media.State != OfferState.Stable || reinvite is { IsOpen: true } || update is { IsOpen: true };

    /// <summary>The event that tells of a change.</summary>
    /// <param name="theirs">The peer's description.</param>
    public MediaChanged MediaChanged(ReadOnlyMemory<byte> theirs) => new(Call.Key, Snapshot(), theirs) { Agreed = Media.Agreed };

    public DialogState Snapshot() => Dialog.Snapshot(Media.Shown, Media.Remote);

    /// <summary>What every request of ours says that opens or changes the session.</summary>
    public IEnumerable<HeaderLine> ChangeHeaders() => [.. AnswerHeaders(), .. Timer.RequestHeaders()];

    /// <summary>What every 2xx of ours says to such a request.</summary>
    public IEnumerable<HeaderLine> AnswerHeaders() => [Contact, Capabilities.Allow, .. Call.Core.Abilities.Supported];

    /// <summary>The parts of the next request of ours; its CSeq is taken.</summary>
    public RequestParts Next(SipMethod method) => Dialog.Next(method, Call.Core.Tokens.Branch()) with { Product = Call.Product };

    /// <summary>The parts of the ACK of a 2xx to the INVITE with this number.</summary>
    public RequestParts Ack(int inviteCSeq) => Dialog.Ack(inviteCSeq, Call.Core.Tokens.Branch()) with { Product = Call.Product };

    public HeaderLine Contact => new(HeaderId.Contact, $"<{Dialog.LocalContact}>");

    public CommandResult Reinvite(ReadOnlyMemory<byte> sdp, bool isOptional, TimeSpan now)
    {
        if (IsBusy) return CommandResult.Busy;
        reinvite = new OutgoingReinvite(this, sdp, isRefresh: false, isOptional);
        reinvite.Send(now);
        return CommandResult.Done;
    }

    public CommandResult Update(ReadOnlyMemory<byte> sdp, TimeSpan now)
    {
        if (!Dialog.PeerTakesUpdate) return CommandResult.Unsupported;
        if (IsBusy) return CommandResult.Busy;
        // No further offer before the INVITE's own exchange is complete (RFC 3311 section 5.1).
        if (!sdp.IsEmpty && Media.Remote.IsEmpty) return CommandResult.WrongState;
        update = new OutgoingUpdate(this, sdp, isRefresh: false);
        update.Start(now);
        return CommandResult.Done;
    }

    /// <summary>Refreshes the session: UPDATE where the peer takes it, else a re-INVITE that changes nothing (RFC 4028 section 7.4).</summary>
    public void Refresh(TimeSpan now)
    {
        if (Dialog.PeerTakesUpdate)
        {
            update = new OutgoingUpdate(this, default, isRefresh: true);
            update.Start(now);
            return;
        }
        Restate(now);
    }

    /// <summary>A re-INVITE that says once more what holds.</summary>
    public void Restate(TimeSpan now)
    {
        reinvite = new OutgoingReinvite(this, Media.Local, isRefresh: true);
        reinvite.Send(now);
    }

    /// <summary>
    /// A re-INVITE or UPDATE of ours failed. 481 and 408 mean that the dialog is gone (RFC 3261 section 12.2.1.2); after anything else the
    /// session stays as it was, and a refresh is tried again while there is time.
    /// </summary>
    public void OnChangeFailed(int code, SipMessage? response, bool isRefresh, TimeSpan now)
    {
        if (code is 481 or 408) Call.LoseDialog(this, new HangUpReason(SipCode: code), now);
        else if (isRefresh) Timer.TryAgain(response is null ? null : RetryAfter.Parse(response.Header(HeaderId.RetryAfter)), now);
    }

    /// <summary>
    /// Takes a reliable provisional response (RFC 3262 section 4). False when it is a repetition or out of order: then it is not to be looked
    /// at further. A repetition whose PRACK was not taken gets another one.
    /// </summary>
    public bool TryTakeProvisional(SipMessage response, uint rseq, TimeSpan now)
    {
        var cseq = response.CSeq!.Number;
        if (provisional.CSeq == cseq && rseq != provisional.RSeq + 1)
        {
            if (rseq == provisional.RSeq) prack?.TryAgain(now);
            return false;
        }
        provisional = (cseq, rseq);
        return true;
    }

    /// <summary>Sends the PRACK of a response that was taken.</summary>
    public void AcknowledgeProvisional(SipMessage response, TimeSpan now)
    {
        prack = new OutgoingPrack(this, provisional.RSeq, response.CSeq!);
        prack.Send(now);
    }

    /// <summary>The call lives elsewhere or is over.</summary>
    public void Stop(TimeSpan now)
    {
        reinvite?.Stop(now);
        update?.Stop();
        Timer.Stop();
    }

    public void Decline(TimeSpan now)
    {
        IsDeclined = true;
        Stop(now);
    }

    /// <summary>A request within the dialog that matched no transaction.</summary>
    public void Receive(SipMessage request, Hop source, TimeSpan now)
    {
        var core = Call.Core;
        if (request.Method == SipMethod.Ack)
        {
            Call.OnAck(this, request, now);
            lastReinvite?.ReceiveAck(request, now);
            return;
        }
        if ((Call.IsOver || IsDeclined) && request.Method is not (SipMethod.Bye or SipMethod.Prack))
        {
            core.RespondStateless(request, source, 481);
            return;
        }
        if (!Dialog.TryTakeCSeq(request))
        {
            core.Refuse(request, source, 500, now);
            return;
        }
        Dialog.Hear(request, source);
        switch (request.Method)
        {
            case SipMethod.Bye: ReceiveBye(request, source, now); break;
            case SipMethod.Invite: ReceiveReinvite(request, source, now); break;
            case SipMethod.Update: ReceiveUpdate(request, source, now); break;
            case SipMethod.Prack: Call.OnPrack(this, request, source, now); break;
            case SipMethod.Info: ReceiveInfo(request, source, now); break;
            default:
                core.Respond(request, source, 200, now, headers: request.Method == SipMethod.Options ? core.Abilities.All : null);
                break;
        }
    }

    /// <summary>A BYE that crosses ours gets 200; a second one finds nothing (RFC 3261 section 15.1.2).</summary>
    void ReceiveBye(SipMessage bye, Hop source, TimeSpan now)
    {
        Call.Core.Respond(bye, source, peerHungUp ? 481 : 200, now);
        peerHungUp = true;
        if (!Call.IsOver && !IsDeclined) Call.OnBye(this, bye, now);
    }

    /// <summary>
    /// A key that was pressed, or nothing (RFC 6086 section 4.2.2). Packages are refused by name; so is a body that would be thrown away unread.
    /// </summary>
    void ReceiveInfo(SipMessage info, Hop source, TimeSpan now)
    {
        var core = Call.Core;
        if (info.Has(HeaderId.InfoPackage)) core.Respond(info, source, 469, now, headers: [new HeaderLine(HeaderId.RecvInfo, "")]);
        else if (info.BodySpan.IsEmpty) core.Respond(info, source, 200, now);
        else if (!DtmfBody.Is(info)) core.Respond(info, source, 415, now, headers: DtmfBody.Accepted);
        else if (!DtmfBody.TryRead(info, out var key)) core.Respond(info, source, 400, now);
        else
        {
            core.Respond(info, source, 200, now);
            if (IsOfCall) Call.Raise(new KeyPressed(Call.Key, key));
        }
    }

    void ReceiveReinvite(SipMessage request, Hop source, TimeSpan now)
    {
        if (IsRefused(request, source, now)) return;
        // The caller may go on as soon as it has our 2xx, whose ACK may come later or never (RFC 5407 section 3.1.4).
        if (!(Call.IsEstablished && IsOfCall) && !Call.TryConfirm(this, now))
        {
            if (Call.OwnsCallId) Call.Core.Refuse(request, source, 491, now);
            else Call.Core.RefuseForNow(request, source, now); // our final response to the first INVITE is still open, RFC 3261 section 14.2
            return;
        }
        if (reinvite is { IsInFlight: true } || Media.State == OfferState.Offered)
        {
            Call.Core.Refuse(request, source, 491, now); // glare, RFC 3261 section 14.2
            return;
        }
        lastReinvite?.Supersede();
        lastReinvite = new IncomingReinvite(this);
        lastReinvite.Receive(request, source, now);
    }

    /// <summary>UPDATE is answered at once, in early and in confirmed dialogs (RFC 3311 section 5.2).</summary>
    void ReceiveUpdate(SipMessage request, Hop source, TimeSpan now)
    {
        if (IsRefused(request, source, now)) return;
        var offer = MediaTypes.SdpOf(request);
        var offers = !offer.IsEmpty;
        if (offers && Media.State == OfferState.Offered)
        {
            Call.Core.Refuse(request, source, 491, now);
            return;
        }
        if (offers && Media.State == OfferState.Asked)
        {
            Call.Core.RefuseForNow(request, source, now);
            return;
        }
        if (offers && !Media.TryAnswer(offer))
        {
            Call.Core.Refuse(request, source, 488, now);
            return;
        }
        Dialog.Refresh(request);
        Call.Core.Respond(request, source, 200, now, headers: [.. AnswerHeaders(), .. Call.IsEstablished ? Timer.Accept(request, now) : []], sdp: offers ? Media.Local : default);
        if (offers && IsOfCall) Call.Raise(MediaChanged(offer));
    }

    /// <summary>What forbids both kinds of change alike: a body that is not understood, an interval that is too small (RFC 4028 section 9).</summary>
    bool IsRefused(SipMessage request, Hop source, TimeSpan now)
    {
        if (!MediaTypes.IsUnderstood(request)) Call.Core.Refuse(request, source, 415, now, Capabilities.Bodies);
        else if (SessionTimer.IsTooShort(request, Call.Core.Options))
            Call.Core.Refuse(request, source, 422, now, SessionExpires.Minimum(Call.Core.Options.MinSessionExpires));
        else return false;
        return true;
    }
}
