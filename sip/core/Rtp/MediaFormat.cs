namespace OrleansCallback.Sip.Rtp;

/// <summary>How one party wants its audio and sends it: what offer and answer agreed on (RFC 3264 section 6.1).</summary>
/// <param name="Law">The law that G.711 to this party carries.</param>
/// <param name="PayloadType">The number it negotiated for that law; null where it takes no G.711 now: then no audio of ours can be sent.</param>
/// <param name="PacketMilliseconds">Its ptime (RFC 8866 section 6.4), for audio that is generated here; relayed packets keep their length.</param>
public readonly record struct MediaFormat(G711Law Law, byte? PayloadType, int PacketMilliseconds = 20)
{
    /// <summary>PCMU under its static number, 20 ms.</summary>
    public static MediaFormat Pcmu => new(G711Law.Mu, 0);

    /// <summary>PCMA under its static number, 20 ms.</summary>
    public static MediaFormat Pcma => new(G711Law.A, 8);

    /// <summary>All encodings under the numbers of our own offers: how packets travel between silos.</summary>
    public static MediaFormat Inner => Pcmu with
    {
        G722 = PayloadNumbers.Own(RtpEncoding.G722),
        Opus = PayloadNumbers.Own(RtpEncoding.Opus),
        TelephoneEvent = PayloadNumbers.Own(RtpEncoding.TelephoneEvent),
    };

    /// <summary>Samples in one generated packet: 10 to 60 ms as asked for, 20 ms for any other wish.</summary>
    public int SamplesPerPacket => G711.SamplesPerMillisecond * (PacketMilliseconds is >= 10 and <= 60 ? PacketMilliseconds : 20);

    /// <summary>The numbers of G.722; null where it is not agreed.</summary>
    public PayloadNumbers? G722 { get; init; }

    /// <summary>The numbers of Opus; null where it is not agreed.</summary>
    public PayloadNumbers? Opus { get; init; }

    /// <summary>The numbers of telephone-event; null where it is not agreed.</summary>
    public PayloadNumbers? TelephoneEvent { get; init; }

    /// <summary>What offer and answer agreed on. Of two laws the first is sent.</summary>
    public static MediaFormat Of(AgreedAudio agreed)
    {
        ArgumentNullException.ThrowIfNull(agreed);
        var g711 = agreed.Codecs.FirstOrDefault(c => AudioCodecs.IsG711(c.Codec));
        var law = g711?.Codec == AudioCodec.Pcma ? G711Law.A : G711Law.Mu;
        return new MediaFormat(law, (byte?)g711?.SendPayloadType, agreed.Ptime)
        {
            G722 = PayloadNumbers.Of(agreed, AudioCodec.G722),
            Opus = PayloadNumbers.Of(agreed, AudioCodec.Opus),
            TelephoneEvent = agreed is { TelephoneEvent: { } send, TelephoneEventReceived: { } receive } ? new((byte)send, (byte)receive) : null,
        };
    }

    /// <summary>What a packet that this party sent carries. We always offer both laws under their static numbers, and an answer that lists
    /// both allows the party to change between them without a word (RFC 3264 section 7), hence the static numbers count besides its own.</summary>
    public bool TryRead(byte payloadType, out RtpEncoding encoding)
    {
        (var known, encoding) = payloadType switch
        {
            _ when payloadType == PayloadType => (true, Law == G711Law.A ? RtpEncoding.Pcma : RtpEncoding.Pcmu),
            _ when payloadType == G722?.Receive => (true, RtpEncoding.G722),
            _ when payloadType == Opus?.Receive => (true, RtpEncoding.Opus),
            _ when payloadType == TelephoneEvent?.Receive => (true, RtpEncoding.TelephoneEvent),
            0 => (true, RtpEncoding.Pcmu),
            8 => (true, RtpEncoding.Pcma),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>The number under which this party takes an encoding, G.711 in its own law; false where it does not take it.</summary>
    public bool TryWrite(RtpEncoding encoding, out byte payloadType)
    {
        var number = encoding switch
        {
            RtpEncoding.G722 => G722?.Send,
            RtpEncoding.Opus => Opus?.Send,
            RtpEncoding.TelephoneEvent => TelephoneEvent?.Send,
            _ => PayloadType,
        };
        payloadType = number ?? 0;
        return number is not null;
    }
}
