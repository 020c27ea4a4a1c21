namespace OrleansCallback.Sip;

/// <summary>What is to be done about encrypting a stream (SRTP with keys in the SDP, RFC 4568).</summary>
public enum MediaEncryption
{
    /// <summary>Plain RTP alone: a=crypto is not written and not looked at.</summary>
    Off,
    /// <summary>
    /// Encrypted where the peer can. Offers say RTP/AVP with a=crypto: who knows nothing of it answers for plain RTP (RFC 8643).
    /// </summary>
    Preferred,
    /// <summary>Encrypted or not at all. Offers say RTP/SAVP.</summary>
    Required,
}
