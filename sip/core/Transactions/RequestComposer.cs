using System.Buffers;

namespace OrleansCallback.Sip;

/// <summary>Writes requests (RFC 3261 section 8.1.1).</summary>
sealed class RequestComposer(string product)
{
    /// <summary>What fits into a UDP datagram over IPv4.</summary>
    public const int MaxBytes = 65_507;

    readonly ArrayBufferWriter<byte> buffer = new(2_048);

    public SentRequest Compose(RequestParts parts, IReadOnlyList<HeaderLine> headers, ReadOnlyMemory<byte> sdp = default) =>
        new(parts, Write(parts, headers, sdp), this, [.. headers.Where(h => h.Id is HeaderId.Authorization or HeaderId.ProxyAuthorization)]);

    public byte[] Write(RequestParts parts, IReadOnlyList<HeaderLine> headers, ReadOnlyMemory<byte> sdp = default)
    {
        buffer.ResetWrittenCount();
        var writer = new SipWriter(buffer)
            .RequestLine(parts.Method.Text(), parts.RequestUri)
            .Header(HeaderId.Via, $"SIP/2.0/UDP {parts.SentBy};branch={parts.Branch};rport")
            .Header(HeaderId.MaxForwards, 70);
        foreach (var route in parts.Routes) writer.Header(HeaderId.Route, route);
        writer.Header(HeaderId.From, parts.From)
            .Header(HeaderId.To, parts.To)
            .Header(HeaderId.CallId, parts.CallId)
            .Header(HeaderId.CSeq, $"{parts.CSeq} {parts.Method.Text()}");
        foreach (var header in headers) writer.Header(header.Id, header.Value);
        writer.Header(HeaderId.UserAgent, product).End(sdp.Span, MediaTypes.Sdp);
        return buffer.WrittenSpan.ToArray();
    }
}
