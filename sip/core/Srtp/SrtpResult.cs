namespace OrleansCallback.Sip.Srtp;

/// <summary>What became of a received packet.</summary>
public enum SrtpResult
{
    /// <summary>Authentic, new, and decrypted in place.</summary>
    Accepted,
    /// <summary>Its tag is not that of its bytes: forged, damaged, under another key, or not SRTP at all. The bytes are as they were.</summary>
    Unauthentic,
    /// <summary>A packet with its index was there before, or it is too old for that to be known.</summary>
    Replayed,
    /// <summary>From one SSRC more than are kept for a key.</summary>
    TooManySources,
}
