namespace OrleansCallback.Sip;

/// <summary>
/// What happened to a call. The events of one call come in order and end with exactly one <see cref="TerminalEvent"/>. SDP bytes are
/// empty when the message carried none.
/// </summary>
/// <param name="CallKey">The attempt id of an outgoing call, or the key that <see cref="IncomingCall"/> gave.</param>
public abstract record CallEvent(string CallKey);

/// <summary>An outgoing call got a provisional response above 100. Not repeated when a phone says the same again.</summary>
/// <param name="CallKey">The call.</param>
/// <param name="Code">180, 183, ...</param>
/// <param name="Sdp">Early media's description, or empty.</param>
public sealed record Ringing(string CallKey, int Code, ReadOnlyMemory<byte> Sdp) : CallEvent(CallKey)
{
    /// <summary>The To tag of the phone that rings: a fork has several (RFC 3261 section 12.1). Empty when the response had none.</summary>
    public string RemoteTag { get; init; } = "";
}

/// <summary>An outgoing call was answered. The ACK waits for <see cref="UserAgent.Acknowledge"/>.</summary>
/// <param name="CallKey">The call.</param>
/// <param name="Dialog">The dialog, to be stored before the call is acknowledged.</param>
/// <param name="Sdp">The answer; from an early response when the 2xx carried none.</param>
public sealed record Answered(string CallKey, DialogState Dialog, ReadOnlyMemory<byte> Sdp) : CallEvent(CallKey)
{
    /// <summary>What our offer and the answer agree on; null when the answer cannot be used, or is the application's to give.</summary>
    public AgreedAudio? Agreed { get; init; }
}

/// <summary>The peer's media is another now: it offered new media within the call and got our answer, or answered a refresh of ours otherwise.</summary>
/// <param name="CallKey">The call.</param>
/// <param name="Dialog">The dialog as it is now.</param>
/// <param name="Sdp">The peer's new description.</param>
public sealed record MediaChanged(string CallKey, DialogState Dialog, ReadOnlyMemory<byte> Sdp) : CallEvent(CallKey)
{
    /// <summary>What is agreed on now, whichever side offered; null when the peer's answer to an offer of ours cannot be used.</summary>
    public AgreedAudio? Agreed { get; init; }
}

/// <summary>
/// What became of our own <see cref="UserAgent.Reinvite"/>. Anything but 2xx leaves the session as it was; should the peer have answered our offer
/// reliably before it refused, <see cref="MediaChanged"/> follows.
/// </summary>
/// <param name="CallKey">The call.</param>
/// <param name="Code">The final response; 408 when nothing came, 487 when it was given up after <see cref="UserAgentOptions.ReinviteLimit"/>.</param>
/// <param name="Dialog">The dialog as it is now.</param>
/// <param name="Sdp">The answer to our offer; empty after a 2xx too when the peer gave none: then all is as it was.</param>
public sealed record ReinviteDone(string CallKey, int Code, DialogState Dialog, ReadOnlyMemory<byte> Sdp) : CallEvent(CallKey)
{
    /// <summary>What our offer and the answer agree on; null after a refusal, without an answer, and when the answer cannot be used.</summary>
    public AgreedAudio? Agreed { get; init; }
}

/// <summary>What became of our own <see cref="UserAgent.Update"/>. Anything but 2xx leaves the session as it was.</summary>
/// <param name="CallKey">The call.</param>
/// <param name="Code">The final response; 408 when none came, 481 when another phone of a fork has answered meanwhile.</param>
/// <param name="Dialog">The dialog as it is now.</param>
/// <param name="Sdp">The answer of a 2xx; empty when nothing was offered, or the peer gave none: then all is as it was.</param>
public sealed record UpdateDone(string CallKey, int Code, DialogState Dialog, ReadOnlyMemory<byte> Sdp) : CallEvent(CallKey);

/// <summary>The peer pressed a key and told so by INFO, not in its audio.</summary>
/// <param name="CallKey">The call.</param>
/// <param name="Key">0 to 9, *, #, A to D.</param>
public sealed record KeyPressed(string CallKey, char Key) : CallEvent(CallKey);

/// <summary>Somebody calls us. Answer with Ring, Answer, Reject.</summary>
/// <param name="CallKey">The key for all further commands and events of this call.</param>
/// <param name="Request">The INVITE.</param>
/// <param name="Sdp">The offer; empty when the caller leaves it to us.</param>
public sealed record IncomingCall(string CallKey, SipMessage Request, ReadOnlyMemory<byte> Sdp) : CallEvent(CallKey)
{
    /// <summary>P-Asserted-Identity (RFC 3325 section 9.1); empty unless it came from whom <see cref="UserAgentOptions.TrustsIdentityOf"/> names.</summary>
    public IReadOnlyList<NameAddress> AssertedIdentities { get; init; } = [];
}

/// <summary>Our 2xx of an incoming call was acknowledged.</summary>
/// <param name="CallKey">The call.</param>
/// <param name="Dialog">The dialog.</param>
/// <param name="Sdp">The caller's answer when the INVITE had no offer; empty otherwise.</param>
public sealed record Confirmed(string CallKey, DialogState Dialog, ReadOnlyMemory<byte> Sdp) : CallEvent(CallKey);

/// <summary>The last event of a call. Its transactions may live on for some seconds.</summary>
/// <param name="CallKey">The call.</param>
public abstract record TerminalEvent(string CallKey) : CallEvent(CallKey);

/// <summary>An outgoing call was not answered.</summary>
/// <param name="CallKey">The call.</param>
/// <param name="Code">The final response, 300-699; 408 or 503 when <paramref name="Source"/> is not the peer.</param>
/// <param name="Source">Who refused.</param>
/// <param name="Q850">The Q.850 cause of its Reason header; null when there is none.</param>
/// <param name="RetryAfter">Retry-After; null when there is none.</param>
/// <param name="Contacts">The Contact URIs of a 3xx; empty otherwise.</param>
public sealed record Refused(
    string CallKey, int Code, RefusedBy Source, int? Q850, TimeSpan? RetryAfter, IReadOnlyList<string> Contacts) : TerminalEvent(CallKey);

/// <summary>Who refused an outgoing call.</summary>
public enum RefusedBy
{
    /// <summary>The peer's final response.</summary>
    Peer,
    /// <summary>No response within 64 × T1 (RFC 3261 section 17.1.1.2, timer B).</summary>
    Timeout,
    /// <summary>No server could be reached, or none was found for the name; counts as 503 (RFC 3261 section 8.1.3.1).</summary>
    Transport,
    /// <summary>The user agent itself: it is full, or its INVITE would not fit into a datagram.</summary>
    Local,
}

/// <summary>The peer ended the call with BYE.</summary>
/// <param name="CallKey">The call.</param>
/// <param name="SipCode">The cause of Reason: SIP; null when there is none.</param>
/// <param name="Q850">The cause of Reason: Q.850; null when there is none.</param>
public sealed record RemoteHungUp(string CallKey, int? SipCode, int? Q850) : TerminalEvent(CallKey);

/// <summary>The caller gave up before we answered.</summary>
/// <param name="CallKey">The call.</param>
/// <param name="SipCode">The cause of Reason: SIP, for example 200 for "completed elsewhere"; null when there is none.</param>
/// <param name="Q850">The cause of Reason: Q.850; null when there is none.</param>
public sealed record Canceled(string CallKey, int? SipCode, int? Q850) : TerminalEvent(CallKey);

/// <summary>The call ended from our side.</summary>
/// <param name="CallKey">The call.</param>
/// <param name="Cause">Why.</param>
public sealed record Ended(string CallKey, EndCause Cause) : TerminalEvent(CallKey);

/// <summary>Why a call ended from our side.</summary>
public enum EndCause
{
    /// <summary>By command: BYE was sent (RFC 3261 section 15.1.1: the session is over then), or a cancelled INVITE came to its end.</summary>
    HungUp,
    /// <summary>By command: an incoming call was rejected.</summary>
    Rejected,
    /// <summary>An answered call was not acknowledged by the application in time; ACK and BYE were sent.</summary>
    NotAcknowledged,
    /// <summary>Our 2xx of an incoming call was never acknowledged; BYE was sent.</summary>
    NoAck,
    /// <summary>The peer no longer knows the dialog, or did not answer a request in it; BYE was sent where it could be of use.</summary>
    DialogLost,
    /// <summary>Our reliable provisional response was never acknowledged; the INVITE got 504 (RFC 3262 section 3).</summary>
    NoPrack,
    /// <summary>Nobody refreshed the session in time; BYE was sent (RFC 4028 section 10).</summary>
    SessionExpired,
    /// <summary>It rang longer than <see cref="UserAgentOptions.RingingLimit"/>, or than the caller's Expires allows.</summary>
    RingingLimit,
}
