using System.Net;

namespace OrleansCallback.Sip;

/// <summary>Our side of one audio stream: what an offer says and what an answer is made from.</summary>
/// <param name="Rtp">Where we receive RTP; RTCP is one port above.</param>
/// <param name="SessionId">The number in o=, the same for the life of the dialog.</param>
/// <param name="Version">The version in o=, one more with each changed description (RFC 3264 section 8).</param>
public sealed record LocalAudio(IPEndPoint Rtp, long SessionId, long Version = 1)
{
    /// <summary>Codecs in order of preference.</summary>
    public IReadOnlyList<AudioCodec> Codecs { get; init; } = [AudioCodec.Pcmu, AudioCodec.Pcma];

    /// <summary>The codec that an answer takes wherever the offer lists it; null leaves the choice to the offer's order (RFC 3264 section 6.1).</summary>
    public AudioCodec? Preferred { get; init; }

    /// <summary>
    /// Payload types of codecs where they are not the usual ones: a number keeps its meaning for the whole session (RFC 3264 section 8.3.2).
    /// </summary>
    public IReadOnlyDictionary<AudioCodec, int> PayloadTypes { get; init; } = new Dictionary<AudioCodec, int>();

    /// <summary>Format parameters (a=fmtp) of codecs, for example of Opus as another phone gave them (RFC 7587 section 6.1).</summary>
    public IReadOnlyDictionary<AudioCodec, string> FormatParameters { get; init; } = new Dictionary<AudioCodec, string>();

    /// <summary>Whether the stream is offered and taken encrypted.</summary>
    public MediaEncryption Encryption { get; init; }

    /// <summary>
    /// Our keys, one for each suite, in order of preference, the same for the life of the session; <see cref="CryptoLine.Generate"/> makes
    /// them.
    /// </summary>
    public IReadOnlyList<CryptoLine> Crypto { get; init; } = [];

    /// <summary>
    /// The protocol of the m= line: "RTP/AVP", or what the peer offered. Where encryption is required offers say the like with S whatever stands
    /// here.
    /// </summary>
    public string Protocol { get; init; } = "RTP/AVP";

    /// <summary>True when we take RTP and RTCP on one port (RFC 5761) if the peer does.</summary>
    public bool RtcpMux { get; init; }

    /// <summary>The payload type at which we take telephone-event (RFC 4733); null to leave it out.</summary>
    public int? TelephoneEvent { get; init; } = 101;

    /// <summary>Milliseconds of audio in a packet.</summary>
    public int Ptime { get; init; } = 20;

    /// <summary>What we want to do with media.</summary>
    public MediaDirection Direction { get; init; } = MediaDirection.SendRecv;

    /// <summary>
    /// The streams of the session in their order, null standing for ours; the others stay rejected in every later offer, since no stream
    /// may leave its place (RFC 3264 section 8). Null when ours is the only one.
    /// </summary>
    public IReadOnlyList<MediaDescription?>? Streams { get; init; }

    /// <summary>The payload type of a codec in packets to us, in descriptions of our own making.</summary>
    public int PayloadTypeOf(AudioCodec codec) => PayloadTypes.TryGetValue(codec, out var type) ? type : (int)codec;

    /// <summary>This description as the SDP of an offer.</summary>
    public byte[] Offer() => OfferAnswer.WriteOffer(this);
}
