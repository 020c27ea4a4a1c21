namespace OrleansCallback.Sip.Srtp;

/// <summary>What offer and answer agreed on for one stream: each side has told the key for what it sends (RFC 4568 section 5.1.3).</summary>
/// <param name="Local">For packets to the peer.</param>
/// <param name="Remote">For packets from the peer.</param>
public sealed record SrtpKeys(SrtpMasterKey Local, SrtpMasterKey Remote);
