namespace OrleansCallback.Sip;

/// <summary>
/// The audio codecs that are negotiated, with their static RTP payload types (RFC 3551 section 6), or for a dynamic one the number that our
/// offers give it.
/// </summary>
public enum AudioCodec
{
    /// <summary>G.711 µ-law, payload type 0.</summary>
    Pcmu = 0,
    /// <summary>G.711 A-law, payload type 8.</summary>
    Pcma = 8,
    /// <summary>G.722, payload type 9: samples at 16 kHz, yet a clock of 8 kHz by an old mistake (RFC 3551 section 4.5.2).</summary>
    G722 = 9,
    /// <summary>Opus, a dynamic payload type: 48 kHz and two channels in SDP whatever is sent (RFC 7587 section 7).</summary>
    Opus = 111,
}

/// <summary>Rules about codecs.</summary>
public static class AudioCodecs
{
    static readonly AudioCodec[] BestFirst = [AudioCodec.Opus, AudioCodec.G722];

    /// <summary>Whether it is G.711 of either law, with which every leg begins.</summary>
    public static bool IsG711(AudioCodec codec) => codec is AudioCodec.Pcmu or AudioCodec.Pcma;

    /// <summary>The codecs beyond G.711 that two legs share, the best first: packets of these pass untouched.</summary>
    public static IReadOnlyList<AudioCodec> WiderThanG711(IEnumerable<AudioCodec> one, IEnumerable<AudioCodec> other)
    {
        var shared = one.Intersect(other).ToHashSet();
        return [.. BestFirst.Where(shared.Contains)];
    }

    /// <summary>"name/clock/channels" of a=rtpmap.</summary>
    internal static string RtpMap(this AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => "PCMU/8000",
        AudioCodec.Pcma => "PCMA/8000",
        AudioCodec.G722 => "G722/8000",
        _ => "opus/48000/2",
    };

    internal static AudioCodec? Parse(string rtpMap) => rtpMap.ToUpperInvariant() switch
    {
        "PCMU/8000" or "PCMU/8000/1" => AudioCodec.Pcmu,
        "PCMA/8000" or "PCMA/8000/1" => AudioCodec.Pcma,
        "G722/8000" or "G722/8000/1" => AudioCodec.G722,
        "OPUS/48000/2" => AudioCodec.Opus,
        _ => null,
    };
}
