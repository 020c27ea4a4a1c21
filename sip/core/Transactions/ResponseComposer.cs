using System.Buffers;
using System.Globalization;

namespace OrleansCallback.Sip;

/// <summary>Writes responses: Via, From, To, Call-ID and CSeq are the request's own bytes (RFC 3261 section 8.2.6.2).</summary>
sealed class ResponseComposer(UserAgentOptions options)
{
    static readonly SearchValues<byte> Seconds = SearchValues.Create("0123456789."u8);

    readonly ArrayBufferWriter<byte> buffer = new(2_048);

    /// <summary>Writes one response; <paramref name="toTag"/> is added when the request's To has none.</summary>
    public byte[] Write(
        SipMessage request, Hop source, int code, string toTag,
        IReadOnlyList<HeaderLine>? headers = null, ReadOnlyMemory<byte> sdp = default, string? phrase = null)
    {
        buffer.ResetWrittenCount();
        var writer = new SipWriter(buffer).StatusLine(code, phrase);
        WriteVias(writer, request, source);
        if (code is > 100 and < 300 && request.Method == SipMethod.Invite) CopyRecordRoutes(writer, request);
        writer.Header(HeaderId.From, request.Header(HeaderId.From));
        if (request.To!.Tag.Length > 0 || code == 100) writer.Header(HeaderId.To, request.Header(HeaderId.To));
        else writer.Header(HeaderId.To, Tagged(request, toTag));
        writer.Header(HeaderId.CallId, request.CallId).Header(HeaderId.CSeq, request.Header(HeaderId.CSeq));
        if (code == 100) GiveTimeBack(writer, request);
        foreach (var header in headers ?? []) writer.Header(header.Id, header.Value);
        writer.Header(HeaderId.Server, options.Product).End(sdp.Span, MediaTypes.Sdp);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Refuses a request that could not be read whole: what is there is echoed as it came (RFC 4475 sections 3.1.2.6 and 3.3.1), and the
    /// phrase says what is wrong (RFC 3261 section 21.4.1).
    /// </summary>
    public byte[] WriteRefusal(SipMessage request, Hop source, int code, ParseFailure failure, string toTag)
    {
        buffer.ResetWrittenCount();
        var writer = new SipWriter(buffer).StatusLine(code, $"{StatusPhrases.For(code)} ({failure})");
        if (request.TopVia is not null) WriteVias(writer, request, source);
        else foreach (var via in request.Values(HeaderId.Via)) writer.Header(HeaderId.Via, via);
        foreach (var id in (ReadOnlySpan<HeaderId>)[HeaderId.From, HeaderId.To, HeaderId.CallId, HeaderId.CSeq])
        {
            if (!request.Has(id)) continue;
            var value = request.Header(id);
            if (id == HeaderId.To && request.To is { Tag: "" }) writer.Header(id, Tagged(request, toTag));
            else writer.Header(id, value);
        }
        writer.Header(HeaderId.Server, options.Product).End();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>To with our tag; a list of parameters that ends with a semicolon is mended, since the tag goes behind it.</summary>
    static string Tagged(SipMessage request, string toTag) => $"{Grammar.Text(request.Header(HeaderId.To)).TrimEnd(';', ' ', '\t')};tag={toTag}";

    static void WriteVias(SipWriter writer, SipMessage request, Hop source)
    {
        var top = true;
        foreach (var via in request.Values(HeaderId.Via))
        {
            if (top) writer.Header(HeaderId.Via, request.TopVia!.Stamped(source).ToString());
            else writer.Header(HeaderId.Via, via);
            top = false;
        }
    }

    /// <summary>A 100 repeats the request's Timestamp, with the time that we let it wait (RFC 3261 section 8.2.6.1).</summary>
    void GiveTimeBack(SipWriter writer, SipMessage request)
    {
        var said = request.Header(HeaderId.Timestamp);
        var blank = said.IndexOfAny((byte)' ', (byte)'\t');
        var time = blank < 0 ? said : said[..blank];
        if (time.IsEmpty || time.ContainsAnyExcept(Seconds)) return;
        writer.Header(HeaderId.Timestamp, string.Create(CultureInfo.InvariantCulture, $"{Grammar.Text(time)} {options.Timers.Trying.TotalSeconds}"));
    }

    /// <summary>Needed by the caller for its route set (RFC 3261 section 12.1.1).</summary>
    static void CopyRecordRoutes(SipWriter writer, SipMessage request)
    {
        foreach (var route in request.Values(HeaderId.RecordRoute)) writer.Header(HeaderId.RecordRoute, route);
    }
}
