using System.Buffers;
namespace OrleansCallback.Sip;

/// <summary>Writes responses: Via, From, To, Call-ID and CSeq are the request's own bytes (RFC 3261 section 8.2.6.2).</summary>
sealed class ResponseComposer(string product)
{
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
        else writer.Header(HeaderId.To, $"{Grammar.Text(request.Header(HeaderId.To))};tag={toTag}");
        writer.Header(HeaderId.CallId, request.CallId).Header(HeaderId.CSeq, request.Header(HeaderId.CSeq));
        foreach (var header in headers ?? []) writer.Header(header.Id, header.Value);
        writer.Header(HeaderId.Server, product).End(sdp.Span, MediaTypes.Sdp);
        return buffer.WrittenSpan.ToArray();
    }

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

    /// <summary>Needed by the caller for its route set (RFC 3261 section 12.1.1).</summary>
    static void CopyRecordRoutes(SipWriter writer, SipMessage request)
    {
        foreach (var route in request.Values(HeaderId.RecordRoute)) writer.Header(HeaderId.RecordRoute, route);
    }
}
