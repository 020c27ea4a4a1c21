namespace OrleansCallback.Sip;

/// <summary>The first response to an INVITE came, be it 100 or a challenge: somebody is there. Raised if <see cref="InviteAttempt.TellsTrying"/>.</summary>
/// <param name="CallKey">The call.</param>
public sealed record Trying(string CallKey) : CallEvent(CallKey);
