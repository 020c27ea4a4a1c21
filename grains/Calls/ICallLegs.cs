namespace OrleansCallback.Calls;

/// <summary>
/// The legs that this silo holds: the seam to SIP and RTP. Commands return at once; what comes of them is told to the call's session as
/// numbered news (<see cref="ICallSessionGrain.Report"/>), repeated until acknowledged. All members are safe from any thread.
/// </summary>
public interface ICallLegs
{
    /// <summary>Whether this silo owns the trunk.</summary>
    bool Owns(string trunk);

    /// <summary>Sends the INVITE of a durable attempt; a key that is known already is answered <see cref="DialResult.Dialled"/> again.</summary>
    DialResult Dial(LegAttempt attempt);

    /// <summary>Sends the ACK, starts the grant's clock, plays the announcement once and hold audio if told so. Completes when the ACK is on its way.</summary>
    Task<LegCommandResult> Acknowledge(string leg, LegGrant grant, bool holdAudio, Announcement? announcement);

    /// <summary>Relays RTP between two legs of this silo.</summary>
    LegCommandResult Bridge(string leg, string otherLeg);

    /// <summary>Opens the leg's inner media address and, if the other silo's is given, relays to it. Null if the leg is gone or no port is free.</summary>
    string? BridgeAcross(string leg, string? otherInner);

    /// <summary>Lengthens the grant.</summary>
    LegCommandResult Extend(string leg, LegGrant grant);

    /// <summary>Ends the leg in whatever state it is; one that has answered after the farewell, if there is one.</summary>
    void HangUp(string leg, Announcement? farewell = null);
}
