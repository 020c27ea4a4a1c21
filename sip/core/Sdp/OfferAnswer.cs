using System.Globalization;
using System.Net;

namespace OrleansCallback.Sip;

/// <summary>Offer and answer for one audio stream (RFC 3264). Pure functions over session descriptions.</summary>
public static class OfferAnswer
{
    /// <summary>The SDP of an offer with every codec of <paramref name="local"/>.</summary>
    public static byte[] WriteOffer(LocalAudio local)
    {
        local = local with { Protocol = CryptoAgreement.ProtocolOf(local) };
        var sdp = SdpWriter.Session(local);
        foreach (var stream in local.Streams ?? [null])
        {
            if (stream is not null) sdp.Rejected(stream);
            else sdp.Audio(local, [.. local.Codecs.Select(c => (local.PayloadTypeOf(c), c))], local.TelephoneEvent, local.Direction);
        }
        return sdp.Bytes();
    }

    /// <summary>The places of the streams in a description of ours, for <see cref="LocalAudio.Streams"/>; null when there is one only.</summary>
    public static IReadOnlyList<MediaDescription?>? StreamsOf(ReadOnlySpan<byte> own)
    {
        if (!SessionDescription.TryParse(own, out var sdp) || sdp.Media.Count < 2) return null;
        // While all are given up, the place of any of them may be taken by ours (RFC 3264 section 8.1).
        var ours = sdp.Media.FirstOrDefault(m => m.Kind == "audio" && m.Port != 0) ?? sdp.Media.FirstOrDefault(m => m.Kind == "audio");
        return ours is null ? null : [.. sdp.Media.Select(m => ReferenceEquals(m, ours) ? null : m)];
    }

    /// <summary>
    /// Answers an offer: takes its first audio stream with a codec in common, one that is encrypted before one that is not, and rejects all
    /// other streams by port 0. An offer that gives up all of them has an answer too, for use within a call. On anything but
    /// <see cref="SdpResult.Agreed"/> and <see cref="SdpResult.Disabled"/> nothing is written; the offer is then refused with 488.
    /// </summary>
    public static SdpResult Answer(ReadOnlySpan<byte> offer, LocalAudio local, out byte[] answer, out AgreedAudio stream)
    {
        answer = [];
        stream = null!;
        if (!SessionDescription.TryParse(offer, out var theirs)) return SdpResult.Malformed;
        var result = SdpResult.NoAudio;
        var taken = -1;
        for (var i = 0; i < theirs.Media.Count && (taken < 0 || stream.Srtp is null); i++)
        {
            var one = TryTake(theirs, theirs.Media[i], local, isAnswer: false, out var next);
            if (one == SdpResult.Agreed && (taken < 0 || next.Srtp is not null)) (taken, stream) = (i, next);
            if (one != SdpResult.NoAudio) result = one;
        }
        var isDisabled = result == SdpResult.NoAudio && theirs.Media.All(m => m.Port == 0) && theirs.Media.Any(m => m.Kind == "audio");
        if (taken < 0 && !isDisabled) return result;
        var sdp = SdpWriter.Session(local);
        for (var i = 0; i < theirs.Media.Count; i++)
        {
            if (i != taken) sdp.Rejected(theirs.Media[i]);
            else sdp.Audio(Mirrored(local, stream), [(stream.ReceivePayloadType, stream.Codec)], stream.TelephoneEvent, stream.Direction);
        }
        answer = sdp.Bytes();
        return isDisabled ? SdpResult.Disabled : SdpResult.Agreed;
    }

    /// <summary>Reads the answer to our own offer.</summary>
    public static SdpResult Accept(LocalAudio offered, ReadOnlySpan<byte> answer, out AgreedAudio stream)
    {
        stream = null!;
        if (!SessionDescription.TryParse(answer, out var theirs)) return SdpResult.Malformed;
        // The answer has the offer's streams in their places, ours among them.
        var places = offered.Streams ?? [null];
        return theirs.Media.Count != places.Count
            ? SdpResult.Mismatch
            : TryTake(theirs, theirs.Media[places.ToList().IndexOf(null)], offered, isAnswer: true, out stream);
    }

    /// <summary>Reads the answer to an offer that is at hand as SDP only.</summary>
    public static SdpResult Accept(ReadOnlySpan<byte> offer, ReadOnlySpan<byte> answer, out AgreedAudio stream)
    {
        stream = null!;
        return TryReadLocal(offer, out var offered) ? Accept(offered, answer, out stream) : SdpResult.Malformed;
    }

    /// <summary>Our own side again, from a description that we wrote ourselves.</summary>
    public static bool TryReadLocal(ReadOnlySpan<byte> sdp, out LocalAudio local)
    {
        local = null!;
        if (!SessionDescription.TryParse(sdp, out var description)) return false;
        var media = description.Media.FirstOrDefault(m => m.Kind == "audio" && m.Port != 0);
        if (media is null || !IPAddress.TryParse(media.Connection ?? description.Connection, out var address)) return false;
        if (!long.TryParse(description.SessionId, CultureInfo.InvariantCulture, out var id)
            || !long.TryParse(description.Version, CultureInfo.InvariantCulture, out var version)) return false;
        local = new LocalAudio(new IPEndPoint(address, media.Port), id, version)
        {
            Codecs = [.. PayloadTypes.Codecs(media).Select(c => c.Codec).Distinct()],
            PayloadTypes = PayloadTypes.Codecs(media).DistinctBy(c => c.Codec).Where(c => c.PayloadType != (int)c.Codec)
                .ToDictionary(c => c.Codec, c => c.PayloadType),
            FormatParameters = PayloadTypes.Codecs(media).DistinctBy(c => c.Codec)
                .Where(c => Parameters(media, c.PayloadType).Length > 0).ToDictionary(c => c.Codec, c => Parameters(media, c.PayloadType)),
            Protocol = media.Protocol,
            Encryption = CryptoAgreement.EncryptionOf(media),
            Crypto = media.Crypto,
            RtcpMux = media.RtcpMux,
            Streams = StreamsOf(sdp),
            TelephoneEvent = PayloadTypes.TelephoneEvent(media),
            Ptime = media.Ptime ?? 20,
            Direction = media.Direction ?? description.Direction ?? MediaDirection.SendRecv,
        };
        return true;
    }

    static SdpResult TryTake(SessionDescription session, MediaDescription media, LocalAudio local, bool isAnswer, out AgreedAudio stream)
    {
        stream = null!;
        if (media.Kind != "audio" || media.Port == 0 || !CryptoAgreement.IsRtp(media.Protocol)) return SdpResult.NoAudio;
        if (!IPAddress.TryParse(media.Connection ?? session.Connection, out var address)) return SdpResult.NoAddress;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4(); // RFC 5118 section 4.9
        if (address.AddressFamily != local.Rtp.AddressFamily && !IsNowhere(address)) return SdpResult.OtherFamily;
        // Whoever answers uses the offer's numbers; whoever offered a dynamic one is sent its own and sends the answer's (RFC 3264 section 5.1).
        List<AgreedCodec> common = [.. PayloadTypes.Codecs(media).Where(c => local.Codecs.Contains(c.Codec)).DistinctBy(c => c.Codec)
            .Select(c => new AgreedCodec(c.Codec, c.PayloadType, isAnswer ? local.PayloadTypeOf(c.Codec) : c.PayloadType))
            .OrderByDescending(c => !isAnswer && c.Codec == local.Preferred)];
        if (common.Count == 0) return SdpResult.NoCodec;
        if (!CryptoAgreement.TryAgree(media, local, isAnswer, out var crypto)) return SdpResult.NoEncryption;
        var (codec, type, receive) = common[0];
        var direction = local.Direction.Against(Theirs(session, media, address));
        var mux = local.RtcpMux && media.RtcpMux;
        var events = local.TelephoneEvent is null ? null : PayloadTypes.TelephoneEvent(media);
        stream = new AgreedAudio(
            new IPEndPoint(address, media.Port), mux ? new IPEndPoint(address, media.Port) : RtcpAddress(media, address), codec, type, receive,
            events, Ptime(media, local), direction)
        {
            Codecs = isAnswer ? common : [common[0]],
            TelephoneEventReceived = isAnswer && events is not null ? local.TelephoneEvent : events,
            FormatParameters = Parameters(media, type), RtcpMux = mux, Protocol = media.Protocol,
            Srtp = crypto.Keys, CryptoTag = crypto.Tag,
        };
        return SdpResult.Agreed;
    }

    /// <summary>An answer says what was offered where it has no say of its own.</summary>
    static LocalAudio Mirrored(LocalAudio local, AgreedAudio stream) => local with
    {
        Ptime = stream.Ptime, Protocol = stream.Protocol, RtcpMux = stream.RtcpMux,
        Crypto = stream.Srtp is null ? [] : [new CryptoLine(stream.CryptoTag, stream.Srtp.Local)],
    };

    static string Parameters(MediaDescription media, int payloadType) =>
        media.FormatParameters.FirstOrDefault(f => f.PayloadType == payloadType).Parameters ?? "";

    /// <summary>0.0.0.0 is the old way to say "send me nothing" (RFC 3264 section 8.4).</summary>
    static MediaDirection Theirs(SessionDescription session, MediaDescription media, IPAddress address)
    {
        var said = media.Direction ?? session.Direction ?? MediaDirection.SendRecv;
        return IsNowhere(address) ? MediaDirections.Of(said.Sends(), receives: false) : said;
    }

    static bool IsNowhere(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    static IPEndPoint RtcpAddress(MediaDescription media, IPAddress address)
    {
        var port = media.Rtcp?.Port ?? Math.Min(media.Port + 1, IPEndPoint.MaxPort);
        return new IPEndPoint(IPAddress.TryParse(media.Rtcp?.Address, out var own) ? own : address, port);
    }

    static int Ptime(MediaDescription media, LocalAudio local)
    {
        var wanted = media.Ptime ?? local.Ptime;
        return media.MaxPtime is { } max && max < wanted ? max : wanted;
    }
}
