namespace OrleansCallback.Sip;

/// <summary>The audio codecs that are negotiated, with their static RTP payload types (RFC 3551 section 6).</summary>
public enum AudioCodec
{
    /// <summary>G.711 µ-law, payload type 0.</summary>
    Pcmu = 0,
    /// <summary>G.711 A-law, payload type 8.</summary>
    Pcma = 8,
}

static class AudioCodecs
{
    public static string EncodingName(this AudioCodec codec) => codec == AudioCodec.Pcmu ? "PCMU" : "PCMA";
}
