namespace OrleansCallback.Sip;

/// <summary>What became of an offer or an answer.</summary>
public enum SdpResult
{
    /// <summary>Agreed.</summary>
    Agreed,
    /// <summary>Not a session description (RFC 8866).</summary>
    Malformed,
    /// <summary>The peer gives up all streams, audio among them, by port 0: answered alike within a call (RFC 3264 sections 6 and 8.2).</summary>
    Disabled,
    /// <summary>No audio stream over RTP that is not rejected.</summary>
    NoAudio,
    /// <summary>No codec in common.</summary>
    NoCodec,
    /// <summary>One side insists on encryption (RTP/SAVP), and there is no a=crypto that both can use, or the other one must not.</summary>
    NoEncryption,
    /// <summary>The connection address is missing or a name instead of a number; names are not looked up.</summary>
    NoAddress,
    /// <summary>The connection address is of another family than ours: one socket cannot send to both (RFC 6157 section 4.2).</summary>
    OtherFamily,
    /// <summary>The answer does not have the offer's m= lines (RFC 3264 section 6).</summary>
    Mismatch,
}
