using System.Globalization;

namespace OrleansCallback.Sip;

/// <summary>What the payload types of an m= line stand for: rtpmap first, then the static table (RFC 3551 section 6).</summary>
static class PayloadTypes
{
    /// <summary>The known codecs of the line, in its order.</summary>
    public static IEnumerable<(int PayloadType, AudioCodec Codec)> Codecs(MediaDescription media)
    {
        foreach (var format in media.Formats)
        {
            if (!TryType(format, out var type)) continue;
            if (AudioCodecs.Parse(EncodingOf(media, type)) is { } codec) yield return (type, codec);
        }
    }

    public static int? TelephoneEvent(MediaDescription media)
    {
        foreach (var format in media.Formats)
        {
            if (TryType(format, out var type) && EncodingOf(media, type).Equals("telephone-event/8000", StringComparison.OrdinalIgnoreCase))
                return type;
        }
        return null;
    }

    static string EncodingOf(MediaDescription media, int type)
    {
        foreach (var (mapped, encoding) in media.RtpMaps)
        {
            if (mapped == type) return encoding;
        }
        return type switch { 0 => "PCMU/8000", 8 => "PCMA/8000", 9 => "G722/8000", _ => "" };
    }

    static bool TryType(string format, out int type) =>
        int.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out type) && type <= 127;
}
