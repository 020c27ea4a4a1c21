namespace OrleansCallback.Sip.Rtp;

/// <summary>What an RTP packet of a call carries. The payload types that say so are each leg's own, see <see cref="MediaFormat"/>.</summary>
public enum RtpEncoding : byte
{
    /// <summary>G.711 mu-law.</summary>
    Pcmu,

    /// <summary>G.711 A-law.</summary>
    Pcma,

    /// <summary>G.722.</summary>
    G722,

    /// <summary>Opus (RFC 7587).</summary>
    Opus,

    /// <summary>A DTMF digit (RFC 4733): it keeps the timestamp of its beginning for as long as the key is held.</summary>
    TelephoneEvent,
}

/// <summary>Rules about encodings.</summary>
public static class RtpEncodings
{
    /// <summary>
    /// Ticks a second of an encoding's timestamps: 48,000 for Opus whatever is sent (RFC 7587 section 4.1), 8,000 for all others, G.722 by an
    /// old mistake (RFC 3551 section 4.5.2).
    /// </summary>
    public static int ClockRate(this RtpEncoding encoding) => encoding == RtpEncoding.Opus ? 48_000 : G711.SamplesPerSecond;

    /// <summary>Whether it is G.711 of either law.</summary>
    public static bool IsG711(this RtpEncoding encoding) => encoding is RtpEncoding.Pcmu or RtpEncoding.Pcma;

    /// <summary>The payload type that our own offers give it, and that it has between silos whatever the phones negotiated.</summary>
    public static byte OwnPayloadType(this RtpEncoding encoding) => encoding switch
    {
        RtpEncoding.Pcma => 8,
        RtpEncoding.G722 => 9,
        RtpEncoding.Opus => 111,
        RtpEncoding.TelephoneEvent => 101,
        _ => 0,
    };
}
