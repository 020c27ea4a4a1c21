namespace OrleansCallback.Sip;

/// <summary>What became of some bytes: a message, a message with a fault (a request may still be answered), or nothing usable.</summary>
/// <param name="Failure">None when the message is well formed.</param>
/// <param name="Message">Null when not even the start line could be read.</param>
public readonly record struct ParseResult(ParseFailure Failure, SipMessage? Message);

/// <summary>
/// Reads one datagram (RFC 3261 sections 7 and 18.3). Never throws, whatever the bytes are. Line ends may be CRLF or LF; folded lines
/// are joined; names ignore case and may be compact.
/// </summary>
public static class SipParser
{
    /// <summary>The longest message that is looked at, in bytes: what a UDP datagram can carry.</summary>
    public const int MaxMessageBytes = 65_535;

    /// <summary>The largest number of header lines in one message.</summary>
    public const int MaxHeaders = 256;

    /// <summary>Parses a whole datagram. The message keeps a copy, so the span may be reused.</summary>
    public static ParseResult Parse(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > MaxMessageBytes) return new(ParseFailure.TooLarge, null);
        // Line ends before the start line are to be ignored (RFC 3261 section 7.5).
        var message = datagram.TrimStart("\r\n"u8);
        if (message.IsEmpty || message.Trim((byte)0).IsEmpty) return new(ParseFailure.KeepAlive, null);
        var buffer = message.ToArray();
        var position = 0;
        if (!TryLine(buffer, ref position, out var line)) return new(ParseFailure.StartLine, null);
        var failure = StartLine.TryRead(line, 0, out var start);
        if (failure == ParseFailure.StartLine || Grammar.HasControls(line)) return new(ParseFailure.StartLine, null);
        var fields = ReadFields(buffer, ref position, ref failure);
        var body = position..buffer.Length;
        return Finish(new SipMessage(buffer, fields, start, Cut(buffer, fields, body, ref failure)), failure);
    }

    static ParseResult Finish(SipMessage message, ParseFailure failure)
    {
        var mandatory = message.ReadMandatory();
        if (failure == ParseFailure.None) failure = mandatory;
        if (failure == ParseFailure.None && message.Has(HeaderId.MaxForwards)
            && !Grammar.TryNumber(message.Header(HeaderId.MaxForwards), 255, out _)) failure = ParseFailure.MaxForwards;
        if (failure == ParseFailure.None && !AddressesAreGood(message)) failure = ParseFailure.Address;
        return new(failure, message);
    }

    /// <summary>A dialog cannot be built on an address that cannot be read; "*" is REGISTER's only.</summary>
    static bool AddressesAreGood(SipMessage message)
    {
        foreach (var id in (ReadOnlySpan<HeaderId>)[HeaderId.Contact, HeaderId.RecordRoute, HeaderId.Route])
        {
            foreach (var value in message.Values(id))
            {
                if (value is [(byte)'*'] && id == HeaderId.Contact) continue;
                if (!NameAddress.TryParse(value, out _)) return false;
            }
        }
        return true;
    }

    static HeaderField[] ReadFields(byte[] buffer, ref int position, ref ParseFailure failure)
    {
        var fields = new List<HeaderField>(16);
        while (true)
        {
            Unfold(buffer, position);
            var lineStart = position;
            if (!TryLine(buffer, ref position, out var line))
            {
                if (failure == ParseFailure.None) failure = ParseFailure.NoHeaderEnd;
                position = buffer.Length;
                return [.. fields];
            }
            if (line.IsEmpty) return [.. fields];
            var bad = fields.Count == MaxHeaders ? ParseFailure.TooManyHeaders : ReadField(line, lineStart, fields);
            if (failure == ParseFailure.None) failure = bad;
            if (bad == ParseFailure.TooManyHeaders) return [.. fields];
        }
    }

    static ParseFailure ReadField(ReadOnlySpan<byte> line, int lineStart, List<HeaderField> fields)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 1 || Grammar.HasBareControls(line)) return ParseFailure.HeaderLine;
        var name = line[..colon].TrimEnd(" \t"u8);
        if (!Grammar.IsToken(name)) return ParseFailure.HeaderLine;
        var rest = line[(colon + 1)..];
        var value = Grammar.Trim(rest);
        var valueStart = lineStart + colon + 1 + (value.IsEmpty ? 0 : rest.Length - rest.TrimStart(" \t"u8).Length);
        fields.Add(new HeaderField(HeaderNames.Find(name), lineStart, name.Length, valueStart, value.Length));
        return ParseFailure.None;
    }

    /// <summary>Overwrites the line ends that are followed by a blank, so that a folded field becomes one line (RFC 3261 section 7.3.1).</summary>
    static void Unfold(byte[] buffer, int position)
    {
        var end = NextLineEnd(buffer, position);
        // An empty line ends the headers even when the body starts with a blank.
        if (end == position || (end == position + 1 && buffer[position] == '\r')) return;
        while (end >= 0 && end + 1 < buffer.Length && Grammar.IsSpace(buffer[end + 1]))
        {
            buffer[end] = (byte)' ';
            if (buffer[end - 1] == '\r') buffer[end - 1] = (byte)' ';
            end = NextLineEnd(buffer, end + 1);
        }
    }

    static int NextLineEnd(byte[] buffer, int from)
    {
        var end = buffer.AsSpan(from).IndexOf((byte)'\n');
        return end < 0 ? -1 : from + end;
    }

    /// <summary>A UDP body longer than Content-Length is cut, a shorter one is an error (RFC 3261 section 18.3).</summary>
    static Range Cut(byte[] buffer, HeaderField[] fields, Range body, ref ParseFailure failure)
    {
        uint? length = null;
        foreach (var field in fields)
        {
            if (field.Id != HeaderId.ContentLength) continue;
            var good = Grammar.TryNumber(buffer.AsSpan(field.ValueStart, field.ValueLength), MaxMessageBytes, out var number)
                && (length is null || length == number);
            if (!good && failure == ParseFailure.None) failure = ParseFailure.ContentLength;
            if (good) length = number;
        }
        var (start, available) = body.GetOffsetAndLength(buffer.Length);
        if (length > available && failure == ParseFailure.None) failure = ParseFailure.ContentLength;
        return start..(start + (int)Math.Min(length ?? (uint)available, (uint)available));
    }

    /// <summary>The next line without its end; false when no line end is left.</summary>
    static bool TryLine(byte[] buffer, ref int position, out ReadOnlySpan<byte> line)
    {
        line = default;
        var end = buffer.AsSpan(position).IndexOf((byte)'\n');
        if (end < 0) return false;
        line = buffer.AsSpan(position, end);
        if (line is [.., (byte)'\r']) line = line[..^1];
        position += end + 1;
        return true;
    }
}
