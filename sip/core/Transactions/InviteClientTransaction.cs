namespace OrleansCallback.Sip;

/// <summary>INVITE client transaction: RFC 3261 section 17.1.1, with the accepted state of RFC 6026 section 8.4.</summary>
sealed class InviteClientTransaction : ClientTransaction
{
    byte[] ack = [];

    public InviteClientTransaction(TransactionLayer layer, IClientUser user, SentRequest request, TimeSpan now)
        : base(layer, user, request, TransactionState.Calling) => Begin(now);

    public override void Receive(SipMessage response, TimeSpan now)
    {
        switch (State)
        {
            case TransactionState.Calling or TransactionState.Proceeding when response.StatusCode < 200:
                Proceed(response, now);
                break;
            case TransactionState.Calling or TransactionState.Proceeding when response.StatusCode < 300:
                StopRetransmission();
                State = TransactionState.Accepted;
                LimitTo(Timers.Timeout, now); // M
                User.OnResponse(this, response, now);
                break;
            case TransactionState.Calling or TransactionState.Proceeding:
                StopRetransmission();
                State = TransactionState.Completed;
                LimitUnlessReliable(Timers.D, now); // D
                ack = Request.AckToFailure(response);
                Send(ack);
                User.OnResponse(this, response, now);
                break;
            case TransactionState.Completed when response.StatusCode >= 300:
                Send(ack);
                break;
            // A fork may go on answering, after another phone's answer and after its refusal too (RFC 3261 section 13.2.2.4).
            case TransactionState.Accepted or TransactionState.Completed when response.StatusCode is >= 200 and < 300:
                User.OnResponse(this, response, now);
                break;
        }
    }

    /// <summary>
    /// The INVITE was cancelled, or its dialog is gone: the final response is waited for 64 × T1 and no longer (RFC 3261 section 9.1).
    /// </summary>
    public void Abandon(TimeSpan now)
    {
        if (State is not (TransactionState.Calling or TransactionState.Proceeding)) return;
        StopRepeating();
        LimitTo(Timers.Timeout, now);
    }

    /// <summary>
    /// The call was given up and nothing has come: CANCEL must wait for a provisional response (RFC 3261 section 9.1), and each further copy
    /// could only begin to ring a phone for a call that nobody wants. To the peer it is as if the network had lost them. The transaction stays
    /// to its limit, so that what the copies before bring about is still canceled or hung up on.
    /// </summary>
    public void StopRepeating()
    {
        IsGivenUp = true;
        StopRetransmission();
    }

    void Proceed(SipMessage response, TimeSpan now)
    {
        if (State == TransactionState.Calling)
        {
            StopRetransmission();
            if (!IsGivenUp) StopLimit();
            State = TransactionState.Proceeding;
        }
        User.OnResponse(this, response, now);
    }

    protected override void OnRetransmission(TimeSpan now)
    {
        Send(Request.Bytes);
        RetransmitAfter(Interval * 2, now); // A is not capped by T2
    }

    protected override void OnLimit(TimeSpan now)
    {
        if (State is TransactionState.Calling or TransactionState.Proceeding) User.OnTimeout(this, now);
        Terminate(now);
    }
}
