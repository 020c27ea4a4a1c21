namespace OrleansCallback.Sip;

/// <summary>What <see cref="StreamFramer.Next"/> found.</summary>
public enum FrameKind
{
    /// <summary>No whole message is there: more bytes are needed.</summary>
    NeedMore,
    /// <summary>One whole message.</summary>
    Message,
    /// <summary>CRLF CRLF between messages: a keep-alive that wants one CRLF back (RFC 5626 section 4.4.1).</summary>
    Ping,
    /// <summary>The stream cannot be cut into messages any more; see <see cref="StreamFramer.Fault"/>. The connection is of no further use.</summary>
    Fault,
}

/// <summary>Why a stream cannot be cut into messages.</summary>
public enum FrameFault
{
    /// <summary>It can.</summary>
    None,
    /// <summary>What stands where a message has to begin is no start line.</summary>
    Garbage,
    /// <summary>The header lines exceed <see cref="StreamFramer.MaxHeadBytes"/>.</summary>
    HeadTooLarge,
    /// <summary>A message without Content-Length, which streams cannot do without (RFC 3261 section 20.14).</summary>
    NoContentLength,
    /// <summary>Content-Length is no number, or two of them contradict each other.</summary>
    ContentLength,
    /// <summary>The whole message would exceed <see cref="SipParser.MaxMessageBytes"/>.</summary>
    TooLarge,
}

/// <summary>
/// Cuts a stream into messages by Content-Length (RFC 3261 section 18.3), however the network cut it before. Holds no memory between
/// messages, and never more than one message of the largest size and what came behind it in the same piece.
/// </summary>
public sealed class StreamFramer
{
    /// <summary>The most bytes before the body.</summary>
    public const int MaxHeadBytes = 32 * 1024;

    byte[] buffer = [];
    int start, end;
    int scanned;   // of the message in work: no line end is left unseen before this
    int length;    // of the message in work; 0 while its head is not complete
    bool sawLine, sawStartLine;

    /// <summary>Why the stream cannot be cut any more.</summary>
    public FrameFault Fault { get; private set; }

    /// <summary>Bytes that wait for the rest of their message.</summary>
    public int Buffered => end - start;

    /// <summary>Takes the next bytes of the stream; afterwards take all of <see cref="Next"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Fault != FrameFault.None) return;
        if (end + bytes.Length > buffer.Length) MakeRoom(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(end));
        end += bytes.Length;
    }

    /// <summary>The next thing in the stream. The span is good until <see cref="Append"/>; with a fault it holds the head, if that is known.</summary>
    public FrameKind Next(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (Fault != FrameFault.None) return FrameKind.Fault;
        if (!sawStartLine && TrySkipLineEnds()) return FrameKind.Ping;
        if (!sawStartLine && Buffered == 1 && buffer[start] == '\r') return FrameKind.NeedMore; // half a line end
        if (length == 0 && !TryHead(out var head))
        {
            if (Fault == FrameFault.None) return NeedMore();
            frame = head;
            return FrameKind.Fault;
        }
        if (Buffered < length) return NeedMore();
        frame = buffer.AsSpan(start, length);
        start += length;
        (scanned, length, sawStartLine, sawLine) = (0, 0, false, false);
        return FrameKind.Message;
    }

    /// <summary>Line ends before a start line mean nothing (RFC 3261 section 7.5), but two in a row are a ping: true for that.</summary>
    bool TrySkipLineEnds()
    {
        while (Buffered > 0)
        {
            if (buffer[start] == '\n') start++;
            else if (buffer[start] != '\r') break;
            else if (Buffered == 1) return false;
            else if (buffer[start + 1] != '\n') break;
            else
            {
                start += 2;
                sawLine = !sawLine;
                if (!sawLine) return true;
            }
        }
        if (Buffered > 0) sawLine = false;
        return false;
    }

    /// <summary>True when the message's length is known.</summary>
    bool TryHead(out ReadOnlySpan<byte> head)
    {
        head = default;
        var text = buffer.AsSpan(start, Buffered);
        // No method and no version begins with anything but a token: other protocols are told apart by their first byte.
        if (text.Length > 0 && Grammar.TokenLength(text[..1]) == 0) return Fail(FrameFault.Garbage);
        while (scanned < text.Length)
        {
            var lineEnd = text[scanned..].IndexOf((byte)'\n');
            if (lineEnd < 0)
            {
                scanned = text.Length;
                break;
            }
            lineEnd += scanned;
            if (!sawStartLine && !IsStartLine(text[..lineEnd])) return Fail(FrameFault.Garbage);
            sawStartLine = true;
            var rest = text[(lineEnd + 1)..];
            if (rest.IsEmpty || rest is [(byte)'\r'])
            {
                scanned = lineEnd; // the empty line may follow
                break;
            }
            if (rest[0] == '\n' || rest.StartsWith("\r\n"u8)) return TryLength(text[..(lineEnd + (rest[0] == '\n' ? 2 : 3))], out head);
            scanned = lineEnd + 1;
        }
        return text.Length > MaxHeadBytes && Fail(FrameFault.HeadTooLarge);
    }

    bool TryLength(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> head)
    {
        head = text;
        if (text.Length > MaxHeadBytes) return Fail(FrameFault.HeadTooLarge);
        var fault = ContentLength.Read(text, out var body);
        if (fault == FrameFault.None && text.Length + body > SipParser.MaxMessageBytes) fault = FrameFault.TooLarge;
        if (fault != FrameFault.None) return Fail(fault);
        length = text.Length + (int)body;
        return true;
    }

    static bool IsStartLine(ReadOnlySpan<byte> line) =>
        StartLine.TryRead(line is [.., (byte)'\r'] ? line[..^1] : line, 0, out _) != ParseFailure.StartLine;

    bool Fail(FrameFault fault)
    {
        Fault = fault;
        return false;
    }

    /// <summary>An idle connection holds no buffer.</summary>
    FrameKind NeedMore()
    {
        if (Buffered == 0) (buffer, start, end) = ([], 0, 0);
        return FrameKind.NeedMore;
    }

    void MakeRoom(int more)
    {
        var needed = Buffered + more;
        var target = needed <= buffer.Length ? buffer : new byte[Math.Max(2_048, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed))];
        buffer.AsSpan(start, Buffered).CopyTo(target);
        (buffer, start, end) = (target, 0, Buffered);
    }
}
