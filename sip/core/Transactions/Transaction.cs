namespace OrleansCallback.Sip;

/// <summary>States of RFC 3261 section 17 and of RFC 6026.</summary>
enum TransactionState
{
    Calling,
    Trying,
    Proceeding,
    Completed,
    Confirmed,
    Accepted,
    Terminated,
}

/// <summary>
/// One transaction. Over an unreliable transport it repeats and absorbs messages, over a stream it only waits. It and tells its user what is new. It is in the table
/// from its making to its termination and then tells its user once more.
/// </summary>
abstract class Transaction
{
    readonly SipTimer retransmission, limit;

    protected Transaction(TransactionLayer layer, TransactionKey key, Hop peer, TransactionState start)
    {
        Layer = layer;
        Key = key;
        Peer = peer;
        State = start;
        retransmission = new SipTimer(OnRetransmission);
        limit = new SipTimer(OnLimit);
        layer.Add(this);
    }

    public TransactionKey Key { get; }

    /// <summary>Where its messages go.</summary>
    public Hop Peer { get; protected set; }

    public TransactionState State { get; protected set; }

    protected TransactionLayer Layer { get; }

    protected SipTimers Timers => Layer.Timers;

    /// <summary>The interval of the running retransmission.</summary>
    protected TimeSpan Interval { get; private set; }

    protected void Send(ReadOnlyMemory<byte> bytes) => Layer.Send(Peer, bytes);

    protected void RetransmitAfter(TimeSpan interval, TimeSpan now)
    {
        Interval = interval;
        Layer.Set(retransmission, now + interval);
    }

    /// <summary>Timers that repeat requests and failures run over unreliable transports only (RFC 3261 section 17).</summary>
    protected void RetransmitUnlessReliable(TimeSpan interval, TimeSpan now)
    {
        if (!Peer.IsReliable) RetransmitAfter(interval, now);
    }

    /// <summary>Timers that wait for repetitions are zero over a stream (RFC 3261 section 17, timers D, I, J and K).</summary>
    protected void LimitUnlessReliable(TimeSpan wait, TimeSpan now) => LimitTo(Peer.IsReliable ? TimeSpan.Zero : wait, now);

    protected void StopRetransmission() => Layer.Cancel(retransmission);

    protected void LimitTo(TimeSpan wait, TimeSpan now) => Layer.Set(limit, now + wait);

    protected void StopLimit() => Layer.Cancel(limit);

    protected void Terminate(TimeSpan now)
    {
        if (State == TransactionState.Terminated) return;
        State = TransactionState.Terminated;
        StopRetransmission();
        StopLimit();
        Layer.Remove(this);
        OnTerminated(now);
    }

    /// <summary>Twice the interval, at most T2.</summary>
    protected TimeSpan Doubled => TimeSpan.FromTicks(Math.Min(Interval.Ticks * 2, Timers.T2.Ticks));

    protected abstract void OnRetransmission(TimeSpan now);

    protected abstract void OnLimit(TimeSpan now);

    protected abstract void OnTerminated(TimeSpan now);
}
