using System.Buffers;

namespace OrleansCallback.Sip;

/// <summary>A body, or a part of a multipart body (RFC 5621 section 3): what it is, what it is for, and whether it may be passed over.</summary>
sealed class BodyPart
{
    /// <summary>The most parts of one body that are looked at, and how deep a body may lie in others.</summary>
    const int MaxParts = 16, MaxDepth = 3;

    readonly SipParameters parameters;
    readonly string disposition;
    readonly bool mayBePassedOver, isPlain;
    readonly int depth;

    BodyPart(ReadOnlySpan<byte> type, ReadOnlySpan<byte> disposition, bool isPlain, ReadOnlyMemory<byte> content, int depth)
    {
        (Type, parameters) = Split(type);
        (this.disposition, var handling) = Split(disposition);
        mayBePassedOver = "optional".Equals(handling["handling"], StringComparison.OrdinalIgnoreCase); // required by default, RFC 3261 section 20.11
        (this.isPlain, this.depth) = (isPlain, depth);
        Content = content;
    }

    /// <summary>"application/sdp", in lower case.</summary>
    public string Type { get; }

    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>The whole body of a message.</summary>
    public static BodyPart Of(SipMessage message) =>
        new(message.Header(HeaderId.ContentType), message.Header(HeaderId.ContentDisposition), IsIdentity(message.Header(HeaderId.ContentEncoding)),
            message.Body, depth: 0);

    /// <summary>
    /// Finds the session description, the first if there are several. False when something has to be understood and is not: 415 for a request.
    /// </summary>
    public bool TryRead(ref ReadOnlyMemory<byte> sdp)
    {
        if (isPlain && Type == MediaTypes.Sdp && disposition is "" or "session")
        {
            if (sdp.IsEmpty) sdp = Content;
            return true;
        }
        if (isPlain && depth < MaxDepth && Type.StartsWith("multipart/", StringComparison.Ordinal) && Parts() is { Count: > 0 } parts)
            return (Type == "multipart/alternative" ? TryReadOne(parts, ref sdp) : TryReadAll(parts, ref sdp)) || mayBePassedOver;
        return mayBePassedOver;
    }

    static bool TryReadAll(List<BodyPart> parts, ref ReadOnlyMemory<byte> sdp)
    {
        var all = true;
        foreach (var part in parts) all &= part.TryRead(ref sdp);
        return all;
    }

    /// <summary>All say the same, the last one best (RFC 2046 section 5.1.4).</summary>
    static bool TryReadOne(List<BodyPart> parts, ref ReadOnlyMemory<byte> sdp)
    {
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (parts[i].TryRead(ref sdp)) return true;
        }
        return false;
    }

    /// <summary>What lies between the lines of the boundary (RFC 2046 section 5.1.1); a body that is cut short ends its last part.</summary>
    List<BodyPart> Parts()
    {
        List<BodyPart> parts = [];
        var boundary = System.Text.Encoding.UTF8.GetBytes($"--{Grammar.Unquote(System.Text.Encoding.UTF8.GetBytes(parameters["boundary"] ?? ""))}");
        if (boundary.Length == 2) return parts;
        var rest = Content;
        var begun = false;
        while (!rest.IsEmpty && parts.Count < MaxParts)
        {
            var (before, after, last) = Cut(rest, boundary);
            if (begun) parts.Add(Read(before, depth + 1));
            if (last) break;
            (rest, begun) = (after, true);
        }
        return parts;
    }

    /// <summary>The next line of the boundary; its line end before it is a part of it. Where there is none all that is left comes before it.</summary>
    static (ReadOnlyMemory<byte> Before, ReadOnlyMemory<byte> After, bool Last) Cut(ReadOnlyMemory<byte> text, ReadOnlySpan<byte> boundary)
    {
        var bytes = text.Span;
        for (var from = 0; bytes[from..].IndexOf(boundary) is >= 0 and var at; from += at + boundary.Length)
        {
            var start = from + at;
            var behind = bytes[(start + boundary.Length)..];
            var closes = behind.StartsWith("--"u8);
            var lineEnd = behind.IndexOf((byte)'\n');
            if (start > 0 && bytes[start - 1] != '\n') continue;
            if (!closes && (lineEnd < 0 || !behind[..lineEnd].Trim(" \t\r"u8).IsEmpty)) continue; // a longer boundary, of another body
            var end = start > 0 ? start - 1 : 0;
            if (end > 0 && bytes[end - 1] == '\r') end--;
            return (text[..end], closes ? default : text[(start + boundary.Length + lineEnd + 1)..], closes);
        }
        return (text, default, true);
    }

    /// <summary>A part with its own header lines; one whose lines cannot be read is of no type.</summary>
    static BodyPart Read(ReadOnlyMemory<byte> part, int depth)
    {
        var bytes = part.ToArray();
        var fields = ArrayPool<HeaderField>.Shared.Rent(MaxParts);
        var (failure, position) = (ParseFailure.None, 0);
        var count = SipParser.ReadFields(bytes, ref position, ref fields, ref failure);
        ReadOnlySpan<byte> type = default, disposition = default, encoding = default, transfer = default;
        foreach (var field in fields.AsSpan(0, count))
        {
            var value = bytes.AsSpan(field.ValueStart, field.ValueLength);
            switch (field.Id)
            {
                case HeaderId.ContentType: type = value; break;
                case HeaderId.ContentDisposition: disposition = value; break;
                case HeaderId.ContentEncoding: encoding = value; break;
                case HeaderId.Other when Grammar.EqualsIgnoreCase(bytes.AsSpan(field.NameStart, field.NameLength), "Content-Transfer-Encoding"u8):
                    transfer = value;
                    break;
            }
        }
        ArrayPool<HeaderField>.Shared.Return(fields);
        var plain = failure == ParseFailure.None && IsIdentity(encoding) && IsUncoded(transfer);
        return new(type, disposition, plain, bytes.AsMemory(position), depth);
    }

    static bool IsIdentity(ReadOnlySpan<byte> encoding) => encoding.IsEmpty || Grammar.EqualsIgnoreCase(encoding, "identity"u8);

    static bool IsUncoded(ReadOnlySpan<byte> transfer) =>
        transfer.IsEmpty || Grammar.EqualsIgnoreCase(transfer, "binary"u8) || Grammar.EqualsIgnoreCase(transfer, "8bit"u8)
        || Grammar.EqualsIgnoreCase(transfer, "7bit"u8);

    /// <summary>"a;b=c" as its value in lower case and its parameters; none of them when they cannot be read.</summary>
    static (string Value, SipParameters Parameters) Split(ReadOnlySpan<byte> text)
    {
        var semicolon = text.IndexOf((byte)';');
        var value = Grammar.Text(Grammar.Trim(semicolon < 0 ? text : text[..semicolon])).ToLowerInvariant();
        return (value, semicolon >= 0 && SipParameters.TryParse(text[semicolon..], out var read) ? read : SipParameters.None);
    }
}
