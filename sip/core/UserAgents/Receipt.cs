namespace OrleansCallback.Sip;

/// <summary>What became of a datagram.</summary>
public enum Disposition
{
    /// <summary>It belonged to something, or was answered.</summary>
    Taken,
    /// <summary>A keep-alive.</summary>
    KeepAlive,
    /// <summary>Not a SIP message; a request that could be read far enough was answered with 400 or 505.</summary>
    Malformed,
    /// <summary>A response to no request of ours, to one long forgotten, or one that was to go on to somebody else.</summary>
    StrayResponse,
    /// <summary>An ACK that belongs to nothing.</summary>
    StrayAck,
    /// <summary>Dropped because a stranger asks too often (<see cref="UserAgentOptions.StrangerRate"/>).</summary>
    Limited,
    /// <summary>Dropped because a bound was reached; the sender repeats it.</summary>
    Overloaded,
}

/// <summary>What became of a datagram, for counting.</summary>
/// <param name="Disposition">What was done.</param>
/// <param name="Failure">Why it was malformed.</param>
public readonly record struct Receipt(Disposition Disposition, ParseFailure Failure = ParseFailure.None);
