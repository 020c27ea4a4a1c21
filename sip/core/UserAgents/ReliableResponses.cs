namespace OrleansCallback.Sip;

/// <summary>
/// The reliable provisional responses to one INVITE (RFC 3262 section 3): each waits for the PRACK of the one before, and is repeated
/// until its own comes or 64 × T1 have passed.
/// </summary>
sealed class ReliableResponses
{
    /// <summary>The most responses that wait for the PRACK of an earlier one.</summary>
    const int MaxWaiting = 8;

    readonly AgentCore core;
    readonly CSeq cseq;
    readonly Func<int, ReadOnlyMemory<byte>, uint, byte[]> write;
    readonly Action<byte[], TimeSpan> send;
    readonly Queue<(int Code, ReadOnlyMemory<byte> Sdp)> waiting = new();
    readonly SipTimer retransmission, limit;
    TimeSpan interval;
    byte[] bytes = [];
    uint rseq;
    bool open, hasSdp;

    /// <param name="core">The user agent.</param>
    /// <param name="cseq">The INVITE's.</param>
    /// <param name="write">Writes a response with a code, a description and an RSeq.</param>
    /// <param name="send">Sends it in the INVITE's transaction.</param>
    /// <param name="failed">No PRACK came.</param>
    public ReliableResponses(
        AgentCore core, CSeq cseq, Func<int, ReadOnlyMemory<byte>, uint, byte[]> write, Action<byte[], TimeSpan> send, Action<TimeSpan> failed)
    {
        (this.core, this.cseq, this.write, this.send) = (core, cseq, write, send);
        rseq = (uint)core.Tokens.Number(int.MaxValue); // RFC 3262 section 3: between 1 and 2^31 - 1
        retransmission = new SipTimer(Repeat);
        limit = new SipTimer(now =>
        {
            Stop();
            failed(now);
        });
    }

    /// <summary>True while a response with a description waits for its PRACK: no 2xx before (RFC 3262 section 3).</summary>
    public bool HoldsAnswer => open && hasSdp;

    public bool TrySend(int code, ReadOnlyMemory<byte> sdp, TimeSpan now)
    {
        if (waiting.Count == MaxWaiting) return false;
        waiting.Enqueue((code, sdp));
        if (!open) SendNext(now);
        return true;
    }

    /// <summary>True when this PRACK acknowledges the response that waits.</summary>
    public bool TryAcknowledge(SipMessage prack)
    {
        if (!open || !ReliableSequence.Acknowledges(prack, rseq, cseq)) return false;
        open = false;
        core.Heap.Cancel(retransmission);
        core.Heap.Cancel(limit);
        return true;
    }

    /// <summary>Goes on after a PRACK.</summary>
    public void SendNext(TimeSpan now)
    {
        if (!waiting.TryDequeue(out var next)) return;
        (open, hasSdp) = (true, !next.Sdp.IsEmpty);
        bytes = write(next.Code, next.Sdp, ++rseq);
        interval = core.Options.Timers.T1;
        core.Heap.Set(retransmission, now + interval);
        core.Heap.Set(limit, now + core.Options.Timers.Timeout);
        send(bytes, now);
    }

    /// <summary>The INVITE has its final response: no more repetitions, though the PRACK may still come (RFC 3262 section 3).</summary>
    public void Stop()
    {
        waiting.Clear();
        core.Heap.Cancel(retransmission);
        core.Heap.Cancel(limit);
    }

    void Repeat(TimeSpan now)
    {
        send(bytes, now);
        interval *= 2; // not capped by T2
        core.Heap.Set(retransmission, now + interval);
    }
}
