namespace OrleansCallback.Sip;

/// <summary>The PRACK of a reliable provisional response (RFC 3262 section 4).</summary>
sealed class OutgoingPrack(DialogUsage usage, uint rseq, CSeq cseq) : DialogRequest(usage, SipMethod.Prack)
{
    bool failed;

    /// <summary>The response came again: once more if the PRACK was not taken.</summary>
    public void TryAgain(TimeSpan now)
    {
        if (!failed) return;
        failed = false;
        Send(now);
    }

    protected override IEnumerable<HeaderLine> Headers() => [new(HeaderId.RAck, ReliableSequence.Acknowledgement(rseq, cseq))];

    public override void OnTimeout(ClientTransaction transaction, TimeSpan now) => failed = true;

    protected override void OnFinal(SipMessage response, TimeSpan now) => failed = response.StatusCode >= 300;
}
