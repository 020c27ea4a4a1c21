namespace OrleansCallback.Sip;

/// <summary>The parts of a request that its ACK or CANCEL repeats.</summary>
sealed record RequestParts(
    SipMethod Method,
    string RequestUri,
    string SentBy,
    string Branch,
    string From,
    string To,
    string CallId,
    int CSeq,
    IReadOnlyList<string> Routes,
    Hop Destination)
{
    /// <summary>A name to which the request goes; <see cref="Destination"/> stands in while it has no servers.</summary>
    public Target? Target { get; init; }

    /// <summary>What stands in User-Agent; null for the user agent's own.</summary>
    public string? Product { get; init; }
}

/// <summary>A request as it was sent; its parts name the hop that was chosen.</summary>
sealed class SentRequest(RequestParts parts, byte[] bytes, RequestComposer composer, IReadOnlyList<HeaderLine> authorization, SentRequest? overUdp = null)
{
    public RequestParts Parts => parts;
    public SipMethod Method => parts.Method;
    public string Branch => parts.Branch;
    public Hop Destination => parts.Destination;
    public byte[] Bytes => bytes;

    /// <summary>The same over UDP, when it goes by TCP for its size alone: for a peer that refuses TCP (RFC 3261 section 18.1.1).</summary>
    public SentRequest? OverUdp => overUdp;

    /// <summary>The credentials in it; the ACK of a 2xx repeats them (RFC 3261 section 22.1).</summary>
    public IReadOnlyList<HeaderLine> Authorization => authorization;

    /// <summary>
    /// Whether a response that bears this request's branch is one to it: one with another sent-by has gone astray (RFC 3261 section 18.1.2). Where
    /// it comes from is not looked at: carriers answer from other addresses than they are called at, and a branch cannot be guessed.
    /// </summary>
    public bool IsAnsweredBy(SipMessage response) =>
        response.CallId == parts.CallId && composer.SentBy(parts).Equals($"{response.TopVia!.SentBy}", StringComparison.OrdinalIgnoreCase);

    /// <summary>The ACK of a 300-699: all as in the INVITE, To as in the response (RFC 3261 section 17.1.1.3).</summary>
    public byte[] AckToFailure(SipMessage response) =>
        composer.Write(parts with { Method = SipMethod.Ack, To = Grammar.Text(response.Header(HeaderId.To)) }, []);

    /// <summary>The CANCEL of this INVITE (RFC 3261 section 9.1).</summary>
    public SentRequest Cancel(IReadOnlyList<HeaderLine> reasons) => composer.Compose(parts with { Method = SipMethod.Cancel }, reasons);
}

/// <summary>One header line to write.</summary>
/// <param name="Id">The field.</param>
/// <param name="Value">Its value; line ends in it become blanks.</param>
public readonly record struct HeaderLine(HeaderId Id, string Value);
