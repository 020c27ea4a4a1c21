namespace OrleansCallback.Sip;

/// <summary>A request of ours within a dialog other than INVITE and ACK; asked for credentials, it is sent again with them.</summary>
abstract class DialogRequest(DialogUsage usage, SipMethod method) : IClientUser
{
    readonly DigestExchange exchange = new();

    protected DialogUsage Usage => usage;

    protected Call Call => usage.Call;

    protected abstract IEnumerable<HeaderLine> Headers();

    protected virtual ReadOnlyMemory<byte> Body => default;

    public void Send(TimeSpan now)
    {
        var core = Call.Core;
        var parts = usage.Next(method);
        var body = Body;
        List<HeaderLine> headers = [.. Headers(), .. Call.Digest.Authorize(method, parts.RequestUri, body)];
        Call.Enter();
        _ = new NonInviteClientTransaction(core.Layer, this, core.Requests.Compose(parts, headers, body), now);
    }

    public void OnResponse(ClientTransaction transaction, SipMessage response, TimeSpan now)
    {
        if (response.StatusCode < 200) return;
        if (response.StatusCode < 300) Call.Digest.Learn(response);
        if (response.StatusCode is 401 or 407 && Call.Digest.TryTake(response, exchange)) Send(now);
        else OnFinal(response, now);
    }

    public virtual void OnTimeout(ClientTransaction transaction, TimeSpan now) { }

    public void OnClientTerminated(ClientTransaction transaction, TimeSpan now) => Call.Leave();

    /// <summary>A final response other than a challenge that was answered.</summary>
    protected virtual void OnFinal(SipMessage response, TimeSpan now) { }
}
