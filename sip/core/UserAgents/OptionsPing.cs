namespace OrleansCallback.Sip;

/// <summary>OPTIONS outside of any dialog (RFC 3261 section 11): asks a peer whether it is there.</summary>
/// <param name="Key">The caller's name for it, which <see cref="OptionsAnswered"/> repeats.</param>
/// <param name="RequestUri">Request-URI and To.</param>
/// <param name="From">The URI in From, without a tag.</param>
/// <param name="SentBy">Host and port in Via.</param>
/// <param name="Target">Where it is sent, as in <see cref="InviteAttempt.Target"/>.</param>
/// <param name="Product">What stands in User-Agent; null for the user agent's own.</param>
public sealed record OptionsPing(string Key, string RequestUri, string From, string SentBy, string Target, string? Product = null);

/// <summary>What came of an <see cref="OptionsPing"/>.</summary>
/// <param name="CallKey">Its key.</param>
/// <param name="Code">The final response, 200-699; null if none came.</param>
/// <param name="RetryAfter">Retry-After; null when there is none.</param>
/// <param name="By">
/// The peer; or why there is no response: none came in time (timer F, RFC 3261 section 17.1.2.2), no server could be reached, or the user agent had
/// no room to send it.
/// </param>
public sealed record OptionsAnswered(string CallKey, int? Code, TimeSpan? RetryAfter, RefusedBy By = RefusedBy.Peer) : CallEvent(CallKey);

/// <summary>The transaction of one <see cref="OptionsPing"/>. A challenge is an answer like any other: it is not answered.</summary>
sealed class OutgoingOptions(AgentCore core, OptionsPing ping, Target target) : IClientUser
{
    /// <summary>False: too many wait for names already.</summary>
    public bool Start(TimeSpan now) => core.Servers.WhenKnown(target, now, Send);

    void Send(TimeSpan now)
    {
        var hops = core.Servers.Hops(target, ping.Key);
        if (hops.Count == 0)
        {
            core.Raise(new OptionsAnswered(ping.Key, null, null, RefusedBy.Transport));
            return;
        }

        var parts = new RequestParts(
            SipMethod.Options, ping.RequestUri, ping.SentBy, core.Tokens.Branch(), $"<{ping.From}>;tag={core.Tokens.Next()}", $"<{ping.RequestUri}>",
            core.Tokens.Next(), 1, [], hops[0]) { Product = ping.Product };
        _ = new NonInviteClientTransaction(core.Layer, this, core.Requests.Compose(parts, [Capabilities.Accept]), now);
    }

    public void OnResponse(ClientTransaction transaction, SipMessage response, TimeSpan now)
    {
        if (response.StatusCode >= 200)
            core.Raise(new OptionsAnswered(ping.Key, response.StatusCode, RetryAfter.Parse(response.Header(HeaderId.RetryAfter))));
    }

    public void OnTimeout(ClientTransaction transaction, TimeSpan now) => core.Raise(new OptionsAnswered(ping.Key, null, null, RefusedBy.Timeout));

    public void OnUnreachable(ClientTransaction transaction, TimeSpan now) => core.Raise(new OptionsAnswered(ping.Key, null, null, RefusedBy.Transport));

    public void OnClientTerminated(ClientTransaction transaction, TimeSpan now)
    {
    }
}
