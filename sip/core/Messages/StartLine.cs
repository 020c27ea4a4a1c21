namespace OrleansCallback.Sip;

/// <summary>A request line or a status line (RFC 3261 sections 7.1 and 7.2).</summary>
readonly record struct StartLine(bool IsRequest, SipMethod Method, string MethodName, int StatusCode, Range Text)
{
    static ReadOnlySpan<byte> Version => "SIP/2.0"u8;

    /// <summary>Reads <paramref name="line"/>, which starts at <paramref name="offset"/> of the message's buffer.</summary>
    public static ParseFailure TryRead(ReadOnlySpan<byte> line, int offset, out StartLine start) =>
        line.StartsWith("SIP/"u8) ? TryReadStatus(line, offset, out start) : TryReadRequest(line, offset, out start);

    static ParseFailure TryReadStatus(ReadOnlySpan<byte> line, int offset, out StartLine start)
    {
        start = default;
        var space = line.IndexOf((byte)' ');
        if (space < 0 || line.Length < space + 4 || !Grammar.TryNumber(line.Slice(space + 1, 3), 699, out var code) || code < 100)
            return ParseFailure.StartLine;
        var phrase = space + 4;
        if (phrase < line.Length && line[phrase++] != ' ') return ParseFailure.StartLine;
        start = new StartLine(false, SipMethod.Unknown, "", (int)code, (offset + phrase)..(offset + line.Length));
        return Grammar.EqualsIgnoreCase(line[..space], Version) ? ParseFailure.None : ParseFailure.Version;
    }

    static ParseFailure TryReadRequest(ReadOnlySpan<byte> line, int offset, out StartLine start)
    {
        start = default;
        line = line.TrimEnd((byte)' '); // RFC 4475 section 3.1.2.10 lets blanks at the end pass
        var method = line.IndexOf((byte)' ');
        if (method < 0 || !Grammar.IsToken(line[..method])) return ParseFailure.StartLine;
        var rest = line[(method + 1)..];
        var uri = rest.LastIndexOf((byte)' ');
        if (uri < 0 || !rest[(uri + 1)..].StartsWith("SIP/"u8)) return ParseFailure.StartLine;
        var place = offset + method + 1;
        var name = line[..method];
        start = new StartLine(true, SipMethods.Parse(name), SipMethods.Name(name), 0, place..(place + uri));
        if (!Grammar.EqualsIgnoreCase(rest[(uri + 1)..], Version)) return ParseFailure.Version;
        return IsUri(rest[..uri]) ? ParseFailure.None : ParseFailure.RequestUri;
    }

    /// <summary>Some scheme and something after it; no blanks, no angle brackets (RFC 3261 section 7.1).</summary>
    static bool IsUri(ReadOnlySpan<byte> uri)
    {
        var colon = uri.IndexOf((byte)':');
        return colon > 0 && colon < uri.Length - 1 && Grammar.IsVisible(uri) && Grammar.IsToken(uri[..colon]) && !uri.ContainsAny("<>\""u8);
    }
}
