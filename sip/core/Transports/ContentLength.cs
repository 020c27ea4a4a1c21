namespace OrleansCallback.Sip;

/// <summary>Finds Content-Length in the head of a message without reading all the rest of it (RFC 3261 section 20.14).</summary>
static class ContentLength
{
    /// <summary>The number in it; a fault when there is none, or more than one that differ.</summary>
    public static FrameFault Read(ReadOnlySpan<byte> head, out uint length)
    {
        length = 0;
        var found = false;
        while (!head.IsEmpty)
        {
            var line = TakeField(ref head);
            if (!IsContentLength(line, out var value)) continue;
            if (!TryNumber(value, out var number) || (found && number != length)) return FrameFault.ContentLength;
            (found, length) = (true, number);
        }
        return found ? FrameFault.None : FrameFault.NoContentLength;
    }

    /// <summary>One header field with its folded lines (RFC 3261 section 7.3.1).</summary>
    static ReadOnlySpan<byte> TakeField(ref ReadOnlySpan<byte> head)
    {
        var end = 0;
        do
        {
            var next = head[end..].IndexOf((byte)'\n');
            end = next < 0 ? head.Length : end + next + 1;
        }
        while (end < head.Length && Grammar.IsSpace(head[end]));
        var field = head[..end];
        head = head[end..];
        return field;
    }

    static bool IsContentLength(ReadOnlySpan<byte> field, out ReadOnlySpan<byte> value)
    {
        value = default;
        var colon = field.IndexOf((byte)':');
        if (colon < 1) return false;
        value = field[(colon + 1)..];
        var name = field[..colon].TrimEnd(" \t"u8);
        return Grammar.EqualsIgnoreCase(name, "content-length"u8) || Grammar.EqualsIgnoreCase(name, "l"u8);
    }

    static bool TryNumber(ReadOnlySpan<byte> value, out uint number) => Grammar.TryNumber(value.Trim(" \t\r\n"u8), int.MaxValue / 2, out number);
}
