namespace OrleansCallback.Sip;

/// <summary>Non-INVITE client transaction: RFC 3261 section 17.1.2.</summary>
sealed class NonInviteClientTransaction : ClientTransaction
{
    public NonInviteClientTransaction(TransactionLayer layer, IClientUser user, SentRequest request, TimeSpan now)
        : base(layer, user, request, TransactionState.Trying) => Begin(now);

    public override void Receive(SipMessage response, TimeSpan now)
    {
        if (State is not (TransactionState.Trying or TransactionState.Proceeding)) return;
        if (response.StatusCode < 200)
        {
            State = TransactionState.Proceeding;
        }
        else
        {
            State = TransactionState.Completed;
            StopRetransmission();
            LimitUnlessReliable(Timers.T4, now); // K
        }
        User.OnResponse(this, response, now);
    }

    protected override void OnRetransmission(TimeSpan now)
    {
        Send(Request.Bytes);
        RetransmitAfter(State == TransactionState.Proceeding ? Timers.T2 : Doubled, now);
    }

    protected override void OnLimit(TimeSpan now)
    {
        if (State != TransactionState.Completed) User.OnTimeout(this, now);
        Terminate(now);
    }
}
