namespace OrleansCallback.Sip;

/// <summary>Who sent a request.</summary>
interface IClientUser
{
    /// <summary>A response that is new; of an INVITE every 2xx, also a repeated one.</summary>
    void OnResponse(ClientTransaction transaction, SipMessage response, TimeSpan now);

    /// <summary>No final response came in time. <see cref="OnClientTerminated"/> follows.</summary>
    void OnTimeout(ClientTransaction transaction, TimeSpan now);

    /// <summary>The request could not be sent, or the connection that its response would have come on is gone (RFC 3261 section 17.1.4).</summary>
    void OnUnreachable(ClientTransaction transaction, TimeSpan now) => OnTimeout(transaction, now);

    /// <summary>The transaction is out of the table.</summary>
    void OnClientTerminated(ClientTransaction transaction, TimeSpan now);
}

/// <summary>A request of ours and what comes back.</summary>
abstract class ClientTransaction(TransactionLayer layer, IClientUser user, SentRequest request, TransactionState start)
    : Transaction(layer, TransactionKey.Client(request.Branch, request.Method.Text()), request.Destination, start)
{
    /// <summary>What was sent.</summary>
    public SentRequest Request { get; private set; } = request;

    /// <summary>True until a final response came.</summary>
    public bool IsWaiting => State is TransactionState.Calling or TransactionState.Trying or TransactionState.Proceeding;

    /// <summary>True until any response came.</summary>
    public bool IsUnanswered => State is TransactionState.Calling or TransactionState.Trying;

    /// <summary>Nobody wants the request any more: it is not sent again, by no other transport either.</summary>
    protected bool IsGivenUp { get; set; }

    protected IClientUser User => user;

    /// <summary>Takes a response that matched this transaction.</summary>
    public abstract void Receive(SipMessage response, TimeSpan now);

    /// <summary>The peer cannot be reached. A request that went by TCP for its size goes by UDP instead (RFC 3261 section 18.1.1).</summary>
    public void Unreachable(TimeSpan now)
    {
        if (!IsWaiting) return;
        if (IsUnanswered && !IsGivenUp && Request.OverUdp is { } datagram)
        {
            Layer.Refused.Add(datagram.Destination, now);
            Layer.LeaveStream(this);
            Request = datagram;
            Peer = datagram.Destination;
            Begin(now);
            return;
        }
        user.OnUnreachable(this, now);
        Terminate(now);
    }

    /// <summary>Sends the request and sets its timers.</summary>
    protected void Begin(TimeSpan now)
    {
        Layer.Send(Peer, Request.Bytes, isForSize: Request.OverUdp is not null);
        RetransmitUnlessReliable(Timers.T1, now); // A, E
        LimitTo(Timers.Timeout, now); // B, F
    }

    protected override void OnTerminated(TimeSpan now) => user.OnClientTerminated(this, now);
}
