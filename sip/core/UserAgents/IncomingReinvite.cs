
namespace OrleansCallback.Sip;

/// <summary>A re-INVITE of the peer: answered at once with our media where it was (RFC 3261 section 14.2).</summary>
sealed class IncomingReinvite(DialogUsage usage) : IInviteUser
{
    InviteServerTransaction? transaction;
    int cseq;
    bool offered;

    /// <summary>True while our offer waits for the answer in the ACK.</summary>
    public bool AwaitsAnswer => offered && transaction is { IsAcknowledged: false };

    public void Receive(SipMessage request, Hop source, TimeSpan now)
    {
        var core = usage.Call.Core;
        var offer = MediaTypes.SdpOf(request);
        offered = offer.IsEmpty;
        if (offered ? !usage.Media.TryOffer() : !usage.Media.TryAnswer(offer))
        {
            core.Refuse(request, source, 488, now);
            return;
        }
        cseq = request.CSeq!.Number;
        usage.Dialog.Refresh(request);
        var sdp = offered ? usage.Media.OpenOffer : usage.Media.Local;
        IReadOnlyList<HeaderLine> headers = [.. usage.AnswerHeaders(), .. usage.Timer.Accept(request, now)];
        usage.Call.Enter();
        transaction = new InviteServerTransaction(core.Layer, this, request, source, core.Responses.Write(request, source, 100, ""), now);
        transaction.Respond(200, core.Responses.Write(request, source, 200, "", headers, sdp), now);
        if (!offered) usage.Call.Raise(usage.MediaChanged(offer));
    }

    /// <summary>Takes the ACK of our 2xx, with the answer when the offer was ours.</summary>
    public void ReceiveAck(SipMessage ack, TimeSpan now)
    {
        if (transaction is null || ack.CSeq!.Number != cseq || transaction.IsAcknowledged) return;
        transaction.Acknowledge();
        if (!offered) return;
        var answer = MediaTypes.SdpOf(ack);
        if (answer.IsEmpty)
        {
            usage.Media.Withdraw();
            return;
        }
        usage.Media.TakeAnswer(answer);
        usage.Call.Raise(usage.MediaChanged(answer));
    }

    /// <summary>A later INVITE proves that the peer has our 2xx, though its ACK was lost.</summary>
    public void Supersede() => transaction?.Acknowledge();

    /// <summary>The peer got our 2xx or is gone; without its ACK the session ends (RFC 3261 section 14.2 with 13.3.1.4).</summary>
    public void OnNoAck(InviteServerTransaction failed, TimeSpan now) => usage.Call.ByeAndFinish(HangUpReason.Normal, EndCause.NoAck, now);

    public void OnServerTerminated(InviteServerTransaction ended, TimeSpan now) => usage.Call.Leave();
}
