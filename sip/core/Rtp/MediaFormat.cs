namespace OrleansCallback.Sip.Rtp;

/// <summary>How one party wants its audio: what an SDP answer says of PCMU or PCMA (RFC 3264 section 6.1).</summary>
/// <param name="Law">The law that payloads to this party carry.</param>
/// <param name="PayloadType">The number it negotiated for that law.</param>
/// <param name="PacketMilliseconds">Its ptime (RFC 8866 section 6.4), for audio that is generated here; relayed packets keep their length.</param>
public readonly record struct MediaFormat(G711Law Law, byte PayloadType, int PacketMilliseconds = 20)
{
    /// <summary>PCMU under its static number, 20 ms.</summary>
    public static MediaFormat Pcmu => new(G711Law.Mu, 0);

    /// <summary>PCMA under its static number, 20 ms.</summary>
    public static MediaFormat Pcma => new(G711Law.A, 8);

    /// <summary>Samples in one generated packet: 10 to 60 ms as asked for, 20 ms for any other wish.</summary>
    public int SamplesPerPacket => G711.SamplesPerMillisecond * (PacketMilliseconds is >= 10 and <= 60 ? PacketMilliseconds : 20);

    /// <summary>The law of a packet that this party sent. We always offer both laws under their static numbers, and an answer that lists
    /// both allows the party to change between them without a word (RFC 3264 section 7), hence the static numbers count besides its own.</summary>
    public bool TryLawOf(byte payloadType, out G711Law law)
    {
        law = payloadType == PayloadType ? Law : payloadType == 8 ? G711Law.A : G711Law.Mu;
        return payloadType == PayloadType || payloadType is 0 or 8;
    }
}
