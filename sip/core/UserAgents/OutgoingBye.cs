namespace OrleansCallback.Sip;

/// <summary>A BYE of ours; asked for credentials, it is sent again with them. Any other final response ends it (RFC 3261 section 15.1.1).</summary>
sealed class OutgoingBye(Call call, Dialog dialog, HangUpReason reason) : IClientUser
{
    readonly DigestExchange exchange = new();

    public void Send(TimeSpan now)
    {
        var core = call.Core;
        var parts = dialog.Next(SipMethod.Bye, core.Tokens.Branch());
        HeaderLine[] headers =
        [
            .. reason.Values().Select(v => new HeaderLine(HeaderId.Reason, v)),
            .. call.Digest.Authorize(SipMethod.Bye, parts.RequestUri),
        ];
        call.Enter();
        _ = new NonInviteClientTransaction(core.Layer, this, core.Requests.Compose(parts, headers), now);
    }

    public void OnResponse(ClientTransaction transaction, SipMessage response, TimeSpan now)
    {
        if (response.StatusCode is 401 or 407 && call.Digest.TryTake(response, exchange)) Send(now);
    }

    public void OnTimeout(ClientTransaction transaction, TimeSpan now) { }

    public void OnClientTerminated(ClientTransaction transaction, TimeSpan now) => call.Leave();
}
