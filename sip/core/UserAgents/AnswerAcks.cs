namespace OrleansCallback.Sip;

/// <summary>The ACKs of one INVITE's answers: sent once per answer, and again for each repetition (RFC 3261 section 13.2.2.4).</summary>
sealed class AnswerAcks(Call call)
{
    /// <summary>The most surplus answers of one fork that are declined; more are a fault of the peer and stay without ACK.</summary>
    const int MaxAnswers = 16;

    readonly List<(DialogId Dialog, SentRequest Ack)> sent = [];

    /// <summary>Acknowledges an answer, with the credentials of its INVITE.</summary>
    public void Send(Dialog dialog, SentRequest invite)
    {
        var parts = dialog.Ack(invite.Parts.CSeq, call.Core.Tokens.Branch());
        sent.Add((dialog.Id, call.Core.Requests.Compose(parts, invite.Authorization)));
        Repeat(dialog);
    }

    /// <summary>Sends the ACK of this answer again, if it has been sent at all.</summary>
    public void Repeat(Dialog dialog)
    {
        foreach (var (id, ack) in sent)
        {
            if (id == dialog.Id) call.Core.Send(new Transmit(ack.Destination, ack.Bytes));
        }
    }

    /// <summary>Another phone of a fork answered too: ACK and BYE (RFC 3261 section 13.2.2.4).</summary>
    public void Decline(InviteAttempt attempt, SipMessage answer, SentRequest invite, TimeSpan now)
    {
        var dialog = Dialog.OfCaller(attempt, answer, invite.Destination);
        if (sent.Exists(s => s.Dialog == dialog.Id))
        {
            Repeat(dialog);
        }
        else if (sent.Count < MaxAnswers)
        {
            Send(dialog, invite);
            new OutgoingBye(call, dialog, new HangUpReason(Q850: 26)).Send(now); // non-selected user clearing
        }
    }
}
