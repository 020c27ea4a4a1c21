namespace OrleansCallback.Sip;

/// <summary>Non-INVITE server transaction: RFC 3261 section 17.2.2. All users here answer finally and at once.</summary>
sealed class NonInviteServerTransaction(TransactionLayer layer, SipMessage request, Hop source, Action<TimeSpan>? terminated = null)
    : ServerTransaction(layer, TransactionKey.Server(request, request.MethodName), request, source, TransactionState.Trying)
{
    byte[]? last;

    public override void ReceiveAgain(TimeSpan now)
    {
        if (last is not null) Send(last);
    }

    public override void Respond(int code, byte[] response, TimeSpan now)
    {
        if (State == TransactionState.Completed)
            throw new InvalidOperationException($"{code} after a final response to {Request.MethodName}");
        last = response;
        Send(response);
        State = code < 200 ? TransactionState.Proceeding : TransactionState.Completed;
        if (code >= 200) LimitUnlessReliable(Timers.Timeout, now); // J
    }

    protected override void OnRetransmission(TimeSpan now) { }

    protected override void OnLimit(TimeSpan now) => Terminate(now);

    protected override void OnTerminated(TimeSpan now) => terminated?.Invoke(now);
}
