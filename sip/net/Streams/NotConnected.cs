namespace OrleansCallback.Sip.Net;

/// <summary>A connection that we wanted could not be made.</summary>
/// <param name="Peer">To whom.</param>
/// <param name="Why">Which kind of failure.</param>
/// <param name="Cause">What the operating system or TLS said; null for a limit of time.</param>
public sealed record NotConnected(Hop Peer, StreamEnd Why, Exception? Cause);
