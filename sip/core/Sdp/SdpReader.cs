using System.Globalization;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>Reads session descriptions line by line. Strict about what is used (o=, c=, m=, rtpmap), silent about the rest.</summary>
sealed class SdpReader
{
    /// <summary>The largest description that is looked at, in bytes, and the most m= lines in it.</summary>
    const int MaxBytes = 16_384;
    const int MaxMedia = 32;
    const int MaxRtpMaps = 64; // and a=fmtp lines
    const int MaxCrypto = 32;

    readonly List<MediaDescription> media = [];
    string? sessionId, version, connection;
    MediaDirection? direction;
    List<(int, string)> maps = [], parameters = [];
    List<CryptoLine> crypto = [];

    public static bool TryRead(ReadOnlySpan<byte> bytes, out SessionDescription description)
    {
        description = null!;
        if (bytes.IsEmpty || bytes.Length > MaxBytes) return false;
        var reader = new SdpReader();
        var first = true;
        // Lines end with CRLF or LF (RFC 8866 section 5); other characters that Unicode takes for line ends may stand in a text.
        ReadOnlySpan<char> text = Encoding.UTF8.GetString(bytes);
        foreach (var range in text.Split('\n'))
        {
            var line = text[range].TrimEnd('\r');
            if (line.IsEmpty) continue;
            if (first ? !line.SequenceEqual("v=0") : !reader.TryLine(line)) return false;
            first = false;
        }
        if (reader.sessionId is null) return false;
        reader.CloseMedia();
        description = new SessionDescription(reader.sessionId, reader.version!, reader.connection, reader.direction, reader.media);
        return true;
    }

    bool TryLine(ReadOnlySpan<char> line)
    {
        if (line.Length < 2 || line[1] != '=' || !char.IsAsciiLetterLower(line[0])) return false;
        var value = line[2..].Trim().ToString();
        return line[0] switch
        {
            'o' => TryOrigin(value),
            'c' => TryConnection(value),
            'm' => TryMedia(value),
            'a' => TryAttribute(value),
            _ => true,
        };
    }

    bool TryOrigin(string value)
    {
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 6 || sessionId is not null || !IsNumber(parts[1]) || !IsNumber(parts[2])) return false;
        (sessionId, version) = (parts[1], parts[2]);
        return true;
    }

    bool TryConnection(string value)
    {
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 3 || parts[0] != "IN" || parts[1] is not ("IP4" or "IP6")) return false;
        // A TTL or a count of multicast addresses follows a slash; multicast is not used here.
        var address = parts[2].Split('/')[0];
        if (media.Count == 0) connection = address;
        else media[^1] = media[^1] with { Connection = address };
        return true;
    }

    bool TryMedia(string value)
    {
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 4 || media.Count == MaxMedia) return false;
        if (!TryInt(parts[1].Split('/')[0], 65_535, out var port)) return false;
        CloseMedia();
        media.Add(new MediaDescription(parts[0], port, parts[2], parts[3..]));
        return true;
    }

    void CloseMedia()
    {
        if (media.Count == 0) return;
        media[^1] = media[^1] with { RtpMaps = maps, FormatParameters = parameters, Crypto = crypto };
        (maps, parameters, crypto) = ([], [], []);
    }

    bool TryAttribute(string value)
    {
        if (MediaDirections.TryParse(value, out var found))
        {
            if (media.Count == 0) direction = found;
            else media[^1] = media[^1] with { Direction = found };
            return true;
        }
        if (value == "rtcp-mux" && media.Count > 0) media[^1] = media[^1] with { RtcpMux = true };
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (media.Count == 0 || colon < 0) return true;
        var argument = value[(colon + 1)..].Trim();
        switch (value[..colon])
        {
            case "rtpmap": return TryRtpMap(argument);
            case "fmtp": TakeParameters(argument); return true;
            case "rtcp": return TryRtcp(argument);
            case "crypto" when crypto.Count < MaxCrypto && CryptoLine.TryParse(argument, out var key): crypto.Add(key); return true;
            case "ptime" when TryInt(argument, 1_000, out var ms) && ms > 0: media[^1] = media[^1] with { Ptime = ms }; return true;
            case "maxptime" when TryInt(argument, 1_000, out var ms) && ms > 0: media[^1] = media[^1] with { MaxPtime = ms }; return true;
            default: return true;
        }
    }

    bool TryRtpMap(string argument)
    {
        var blank = argument.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0 || !TryInt(argument[..blank], 127, out var type) || maps.Count == MaxRtpMaps) return false;
        maps.Add((type, argument[(blank + 1)..].Trim()));
        return true;
    }

    void TakeParameters(string argument)
    {
        var blank = argument.IndexOf(' ', StringComparison.Ordinal);
        if (blank > 0 && TryInt(argument[..blank], 127, out var type) && parameters.Count < MaxRtpMaps)
            parameters.Add((type, argument[(blank + 1)..].Trim()));
    }

    bool TryRtcp(string argument)
    {
        var parts = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !TryInt(parts[0], 65_535, out var port)) return false;
        media[^1] = media[^1] with { Rtcp = (port, parts.Length == 4 ? parts[3] : null) };
        return true;
    }

    static bool IsNumber(string text) => text.Length is > 0 and <= 20 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    static bool TryInt(string text, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
}
