namespace OrleansCallback.Sip;

/// <summary>Offers of ours after a session's first (RFC 3264 section 8).</summary>
public static class LaterOffer
{
    const int FirstDynamic = 96, LastDynamic = 127; // RFC 3551 section 6

    /// <summary>
    /// Our side of the stream with other codecs. A payload type keeps its meaning for the whole session (RFC 3264 section 8.3.2): what either
    /// description calls a codec or telephone-event stays its number, and no number is taken that stands for something else in them.
    /// </summary>
    /// <param name="local">Our side as it was first offered.</param>
    /// <param name="codecs">Codecs in order of preference.</param>
    /// <param name="own">Our last description.</param>
    /// <param name="peers">The peer's last description.</param>
    public static LocalAudio Again(this LocalAudio local, IReadOnlyList<AudioCodec> codecs, ReadOnlySpan<byte> own, ReadOnlySpan<byte> peers)
    {
        List<MediaDescription> said = [.. AudioOf(own), .. AudioOf(peers)];
        HashSet<int> taken = [.. said.SelectMany(m => m.Formats).Select(format => int.TryParse(format, out var type) ? type : -1)];
        int NumberOf(int? known, int usual)
        {
            var number = known ?? (taken.Contains(usual) ? Enumerable.Range(FirstDynamic, LastDynamic - FirstDynamic + 1).First(n => !taken.Contains(n)) : usual);
            taken.Add(number);
            return number;
        }

        var numbers = new Dictionary<AudioCodec, int>();
        foreach (var codec in codecs.Where(c => (int)c >= FirstDynamic))
            numbers[codec] = NumberOf(said.SelectMany(PayloadTypes.Codecs).Where(c => c.Codec == codec).Select(c => (int?)c.PayloadType).FirstOrDefault(), (int)codec);
        return local with
        {
            Codecs = codecs,
            Protocol = AudioOf(own).FirstOrDefault()?.Protocol ?? local.Protocol,
            PayloadTypes = numbers,
            TelephoneEvent = local.TelephoneEvent is { } usual
                ? NumberOf(said.Select(PayloadTypes.TelephoneEvent).FirstOrDefault(n => n is not null), usual)
                : null,
        };
    }

    /// <summary>An offer of ours that preferred encryption as one that requires it; null for any other.</summary>
    /// <param name="own">The offer.</param>
    internal static byte[]? Insisting(ReadOnlySpan<byte> own) =>
        OfferAnswer.TryReadLocal(own, out var local) && local.Encryption == MediaEncryption.Preferred
            ? (local with { Encryption = MediaEncryption.Required, Version = local.Version + 1 }).Offer()
            : null;

    static IEnumerable<MediaDescription> AudioOf(ReadOnlySpan<byte> sdp) =>
        SessionDescription.TryParse(sdp, out var description) ? description.Media.Where(m => m.Kind == "audio" && m.Port != 0).Take(1) : [];
}
