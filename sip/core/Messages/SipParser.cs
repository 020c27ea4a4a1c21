using System.Buffers;

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

    const int UsualHeaders = 32;

    /// <summary>Parses a whole datagram. The message keeps a copy, so the span may be reused.</summary>
    public static ParseResult Parse(ReadOnlySpan<byte> datagram)
    {
        var result = Borrow(datagram);
        result.Message?.Keep();
        return result;
    }

    /// <summary>Parses a whole datagram into borrowed memory: the message is good until its <see cref="SipMessage.Return"/>.</summary>
    public static ParseResult Borrow(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > MaxMessageBytes) return new(ParseFailure.TooLarge, null);
        // Line ends before the start line are to be ignored (RFC 3261 section 7.5).
        var message = datagram.TrimStart("\r\n"u8);
        if (message.IsEmpty || message.Trim((byte)0).IsEmpty) return new(ParseFailure.KeepAlive, null);
        var buffer = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(buffer);
        var bytes = buffer.AsSpan(0, message.Length);
        var position = 0;
        if (TryLine(bytes, ref position, out var line) && !Grammar.HasControls(line))
        {
            var failure = StartLine.TryRead(line, 0, out var start);
            if (failure != ParseFailure.StartLine) return ReadRest(buffer, bytes, position, start, failure);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return new(ParseFailure.StartLine, null);
    }

    static ParseResult ReadRest(byte[] buffer, Span<byte> bytes, int position, StartLine start, ParseFailure failure)
    {
        var fields = ArrayPool<HeaderField>.Shared.Rent(UsualHeaders);
        var count = ReadFields(bytes, ref position, ref fields, ref failure);
        var body = Cut(bytes, fields.AsSpan(0, count), position, ref failure);
        var message = new SipMessage(buffer, fields, count, borrowed: true, start, body);
        var mandatory = message.CheckMandatory();
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
                if (!NameAddress.IsAddress(value)) return false;
            }
        }
        return true;
    }

    /// <summary>Reads header lines up to the empty line behind them, which the position then stands behind; folded ones are joined in place.</summary>
    internal static int ReadFields(Span<byte> bytes, ref int position, ref HeaderField[] fields, ref ParseFailure failure)
    {
        var count = 0;
        while (true)
        {
            Unfold(bytes, position);
            var lineStart = position;
            if (!TryLine(bytes, ref position, out var line))
            {
                if (failure == ParseFailure.None) failure = ParseFailure.NoHeaderEnd;
                position = bytes.Length;
                return count;
            }
            if (line.IsEmpty) return count;
            if (count == MaxHeaders)
            {
                if (failure == ParseFailure.None) failure = ParseFailure.TooManyHeaders;
                return count;
            }
            if (count == fields.Length) Grow(ref fields);
            if (TryField(line, lineStart, out fields[count])) count++;
            else if (failure == ParseFailure.None) failure = ParseFailure.HeaderLine;
        }
    }

    static void Grow(ref HeaderField[] fields)
    {
        var larger = ArrayPool<HeaderField>.Shared.Rent(fields.Length * 2);
        fields.CopyTo(larger, 0);
        ArrayPool<HeaderField>.Shared.Return(fields);
        fields = larger;
    }

    static bool TryField(ReadOnlySpan<byte> line, int lineStart, out HeaderField field)
    {
        field = default;
        var colon = line.IndexOf((byte)':');
        if (colon < 1 || Grammar.HasBareControls(line)) return false;
        var name = line[..colon].TrimEnd(" \t"u8);
        if (!Grammar.IsToken(name)) return false;
        var rest = line[(colon + 1)..];
        var value = Grammar.Trim(rest);
        var valueStart = lineStart + colon + 1 + (value.IsEmpty ? 0 : rest.Length - rest.TrimStart(" \t"u8).Length);
        field = new HeaderField(HeaderNames.Find(name), (ushort)lineStart, (ushort)name.Length, (ushort)valueStart, (ushort)value.Length);
        return true;
    }

    /// <summary>Overwrites the line ends that are followed by a blank, so that a folded field becomes one line (RFC 3261 section 7.3.1).</summary>
    static void Unfold(Span<byte> bytes, int position)
    {
        var end = NextLineEnd(bytes, position);
        // An empty line ends the headers even when the body starts with a blank.
        if (end == position || (end == position + 1 && bytes[position] == '\r')) return;
        while (end >= 0 && end + 1 < bytes.Length && Grammar.IsSpace(bytes[end + 1]))
        {
            bytes[end] = (byte)' ';
            if (bytes[end - 1] == '\r') bytes[end - 1] = (byte)' ';
            end = NextLineEnd(bytes, end + 1);
        }
    }

    static int NextLineEnd(ReadOnlySpan<byte> bytes, int from)
    {
        var end = bytes[from..].IndexOf((byte)'\n');
        return end < 0 ? -1 : from + end;
    }

    /// <summary>A UDP body longer than Content-Length is cut, a shorter one is an error (RFC 3261 section 18.3).</summary>
    static Range Cut(ReadOnlySpan<byte> bytes, ReadOnlySpan<HeaderField> fields, int start, ref ParseFailure failure)
    {
        uint? length = null;
        foreach (var field in fields)
        {
            if (field.Id != HeaderId.ContentLength) continue;
            var good = Grammar.TryNumber(bytes.Slice(field.ValueStart, field.ValueLength), MaxMessageBytes, out var number)
                && (length is null || length == number);
            if (!good && failure == ParseFailure.None) failure = ParseFailure.ContentLength;
            if (good) length = number;
        }
        var available = bytes.Length - start;
        if (length > available && failure == ParseFailure.None) failure = ParseFailure.ContentLength;
        return start..(start + (int)Math.Min(length ?? (uint)available, (uint)available));
    }

    /// <summary>The next line without its end; false when no line end is left.</summary>
    static bool TryLine(ReadOnlySpan<byte> bytes, ref int position, out ReadOnlySpan<byte> line)
    {
        line = default;
        var end = bytes[position..].IndexOf((byte)'\n');
        if (end < 0) return false;
        line = bytes.Slice(position, end);
        if (line is [.., (byte)'\r']) line = line[..^1];
        position += end + 1;
        return true;
    }
}
