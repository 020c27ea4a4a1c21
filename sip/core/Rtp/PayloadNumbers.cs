namespace OrleansCallback.Sip.Rtp;

/// <summary>The payload types of one encoding: each side says under which number it takes it (RFC 3264 section 5.1).</summary>
/// <param name="Send">In packets to the party.</param>
/// <param name="Receive">In packets from the party.</param>
public readonly record struct PayloadNumbers(byte Send, byte Receive)
{
    /// <summary>The number of our own offers both ways.</summary>
    public static PayloadNumbers Own(RtpEncoding encoding) => new(encoding.OwnPayloadType(), encoding.OwnPayloadType());

    /// <summary>What was agreed for a codec; null where it was not.</summary>
    public static PayloadNumbers? Of(AgreedAudio agreed, AudioCodec codec)
    {
        ArgumentNullException.ThrowIfNull(agreed);
        return agreed.Codecs.FirstOrDefault(c => c.Codec == codec) is { } found ? new((byte)found.SendPayloadType, (byte)found.ReceivePayloadType) : null;
    }
}
