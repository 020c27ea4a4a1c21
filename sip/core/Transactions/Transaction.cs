using System.Net;

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
/// One transaction over an unreliable transport. It repeats and absorbs messages and tells its user what is new. It is in the table
/// from its making to its termination and then tells its user once more.
/// </summary>
abstract class Transaction
{
    readonly SipTimer retransmission, limit;

    protected Transaction(TransactionLayer layer, TransactionKey key, IPEndPoint peer, TransactionState start)
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
    public IPEndPoint Peer { get; }

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
