namespace OrleansCallback.Sip;

/// <summary>A re-INVITE of the peer: answered at once with our media where it was (RFC 3261 section 14.2).</summary>
sealed class IncomingReinvite(Call call) : IInviteUser
{
    InviteServerTransaction? transaction;
    int cseq;
    bool offered;

    public void Receive(SipMessage request, Hop source, TimeSpan now)
    {
        var core = call.Core;
        if (!MediaTypes.IsSdpOrEmpty(request))
        {
            core.RespondStateless(request, source, 415, Capabilities.Bodies);
            return;
        }
        offered = request.Body.IsEmpty;
        if (offered ? !call.Media.TryOffer() : !call.Media.TryAnswer(request.Body))
        {
            core.RespondStateless(request, source, 488);
            return;
        }
        cseq = request.CSeq!.Number;
        call.Dialog!.Refresh(request);
        call.Enter();
        transaction = new InviteServerTransaction(core.Layer, this, request, source, core.Responses.Write(request, source, 100, ""), now);
        HeaderLine[] headers = [new(HeaderId.Contact, $"<{call.Dialog.LocalContact}>"), Capabilities.Allow];
        transaction.Respond(200, core.Responses.Write(request, source, 200, "", headers, call.Media.Local), now);
        if (!offered) call.Raise(new MediaChanged(call.Key, call.Snapshot(), request.Body));
    }

    /// <summary>Takes the ACK of our 2xx, with the answer when the offer was ours.</summary>
    public void ReceiveAck(SipMessage ack, TimeSpan now)
    {
        if (transaction is null || ack.CSeq!.Number != cseq || transaction.IsAcknowledged) return;
        transaction.Acknowledge();
        var answer = MediaTypes.SdpOf(ack);
        if (!offered || answer.IsEmpty) return;
        call.Media.Remote = answer;
        call.Raise(new MediaChanged(call.Key, call.Snapshot(), answer));
    }

    public void Supersede() => transaction?.Acknowledge();

    /// <summary>The peer got our 2xx or is gone; without its ACK the session ends (RFC 3261 section 14.2 with 13.3.1.4).</summary>
    public void OnNoAck(InviteServerTransaction failed, TimeSpan now) => call.ByeAndFinish(HangUpReason.Normal, EndCause.NoAck, now);

    public void OnServerTerminated(InviteServerTransaction ended, TimeSpan now) => call.Leave();
}
