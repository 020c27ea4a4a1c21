namespace OrleansCallback.Sip;

/// <summary>The ACKs of one call's answers: sent once per answer, and again for each repetition (RFC 3261 section 13.2.2.4).</summary>
sealed class AnswerAcks(Call call)
{
    List<(DialogUsage Usage, SentRequest Ack)> sent = [];

    /// <summary>Acknowledges an answer, with the credentials of its INVITE.</summary>
    public void Send(DialogUsage usage, SentRequest invite, ReadOnlyMemory<byte> sdp = default)
    {
        var parts = usage.Ack(invite.Parts.CSeq);
        sent.Add((usage, call.Core.Requests.Compose(parts, invite.Authorization, sdp)));
        TryRepeat(usage);
    }

    /// <summary>Sends the ACK of this answer again; false when it has not been sent at all.</summary>
    public bool TryRepeat(DialogUsage usage)
    {
        foreach (var (known, ack) in sent)
        {
            if (known != usage) continue;
            call.Core.Send(new Transmit(ack.Destination, ack.Bytes));
            return true;
        }
        return false;
    }

    /// <summary>No answer can be repeated any more.</summary>
    public void Forget() => sent = [];
}
