namespace OrleansCallback.Sip;

/// <summary>Who answers an INVITE.</summary>
interface IInviteUser
{
    /// <summary>Our 2xx was not acknowledged within 64 × T1. <see cref="OnServerTerminated"/> follows.</summary>
    void OnNoAck(InviteServerTransaction transaction, TimeSpan now);

    /// <summary>The transaction is out of the table.</summary>
    void OnServerTerminated(InviteServerTransaction transaction, TimeSpan now);
}

/// <summary>
/// INVITE server transaction: RFC 3261 section 17.2.1, with the accepted state of RFC 6026 section 8.7. The repetition of a 2xx, which
/// is its user's duty (RFC 3261 section 13.3.1.4), is done here too, because the timers are here.
/// </summary>
sealed class InviteServerTransaction : ServerTransaction
{
    readonly IInviteUser user;
    readonly byte[] trying;
    byte[]? last;

    public InviteServerTransaction(
        TransactionLayer layer, IInviteUser user, SipMessage request, Hop source, byte[] trying, TimeSpan now)
        : base(layer, TransactionKey.Server(request, SipMethod.Invite.Text()), request, source, TransactionState.Proceeding)
    {
        this.user = user;
        this.trying = trying;
        RetransmitAfter(Timers.Trying, now);
    }

    /// <summary>True when the ACK of our 2xx came.</summary>
    public bool IsAcknowledged { get; private set; }

    public IInviteUser User => user;

    public override void ReceiveAgain(TimeSpan now)
    {
        if (State is TransactionState.Proceeding) Send(last ?? trying);
        else if (State is TransactionState.Completed) Send(last!);
    }

    public override void Respond(int code, byte[] response, TimeSpan now)
    {
        if (State != TransactionState.Proceeding) throw new InvalidOperationException($"{code} after a final response to INVITE");
        StopRetransmission();
        last = response;
        Send(response);
        if (code < 200) return;
        State = code < 300 ? TransactionState.Accepted : TransactionState.Completed;
        // A 2xx is repeated over streams too: proxies may have passed it on over UDP (RFC 3261 section 13.3.1.4).
        if (code < 300) RetransmitAfter(Timers.T1, now);
        else RetransmitUnlessReliable(Timers.T1, now); // G
        LimitTo(Timers.Timeout, now); // H or L
    }

    /// <summary>An ACK of this very transaction: it belongs to a failure (RFC 3261 section 17.2.1).</summary>
    public void ReceiveAck(TimeSpan now)
    {
        if (State != TransactionState.Completed) return;
        StopRetransmission();
        State = TransactionState.Confirmed;
        LimitUnlessReliable(Timers.T4, now); // I
    }

    /// <summary>The ACK of a 2xx came, in a transaction of its own.</summary>
    public void Acknowledge()
    {
        IsAcknowledged = true;
        StopRetransmission();
    }

    protected override void OnRetransmission(TimeSpan now)
    {
        if (State == TransactionState.Proceeding)
        {
            Send(trying);
            last = trying;
            return;
        }
        Send(last!);
        RetransmitAfter(Doubled, now);
    }

    protected override void OnLimit(TimeSpan now)
    {
        if (State == TransactionState.Accepted && !IsAcknowledged) user.OnNoAck(this, now);
        Terminate(now);
    }

    protected override void OnTerminated(TimeSpan now) => user.OnServerTerminated(this, now);
}
