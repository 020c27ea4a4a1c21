using System.Net;
using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Sip;

/// <summary>What offer and answer agreed on: how and where to send, and what to expect.</summary>
/// <param name="Remote">Where the peer receives RTP. Its address may be 0.0.0.0 (the old way of hold): then nothing is sent.</param>
/// <param name="RemoteRtcp">Where the peer receives RTCP (a=rtcp, RFC 3605, or one port above RTP).</param>
/// <param name="Codec">The codec to send with, the peer's first choice; <see cref="Codecs"/> has all.</param>
/// <param name="SendPayloadType">The payload type for that codec in packets to the peer.</param>
/// <param name="ReceivePayloadType">The payload type for that codec in packets from the peer.</param>
/// <param name="TelephoneEvent">The payload type for telephone-event to the peer; null when it was not agreed.</param>
/// <param name="Ptime">Milliseconds of audio that the peer wants in a packet.</param>
/// <param name="Direction">What we may do: sending is allowed when it <see cref="MediaDirections.Sends"/>.</param>
public sealed record AgreedAudio(
    IPEndPoint Remote,
    IPEndPoint RemoteRtcp,
    AudioCodec Codec,
    int SendPayloadType,
    int ReceivePayloadType,
    int? TelephoneEvent,
    int Ptime,
    MediaDirection Direction)
{
    /// <summary>All codecs that either side may send from now on, in the peer's order (RFC 3264 section 7); one alone where we answered.</summary>
    public IReadOnlyList<AgreedCodec> Codecs { get; init; } = [new(Codec, SendPayloadType, ReceivePayloadType)];

    /// <summary>The payload type for telephone-event in packets from the peer; null when it was not agreed.</summary>
    public int? TelephoneEventReceived { get; init; }

    /// <summary>The peer's format parameters (a=fmtp) for the codec; empty when it gave none.</summary>
    public string FormatParameters { get; init; } = "";

    /// <summary>True when RTP and RTCP share one port on both sides (RFC 5761).</summary>
    public bool RtcpMux { get; init; }

    /// <summary>The keys of both directions (RFC 4568); null for plain RTP.</summary>
    public SrtpKeys? Srtp { get; init; }

    /// <summary>The tag of a=crypto by which the answer names what it took.</summary>
    internal int CryptoTag { get; init; }

    /// <summary>The protocol of the m= line.</summary>
    public string Protocol { get; init; } = "RTP/AVP";
}

/// <summary>A codec that was agreed.</summary>
/// <param name="Codec">The codec.</param>
/// <param name="SendPayloadType">The payload type in packets to the peer.</param>
/// <param name="ReceivePayloadType">The payload type in packets from the peer.</param>
public sealed record AgreedCodec(AudioCodec Codec, int SendPayloadType, int ReceivePayloadType);
