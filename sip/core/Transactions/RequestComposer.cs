using System.Buffers;

namespace OrleansCallback.Sip;

/// <summary>Chooses the hop of requests and writes them (RFC 3261 sections 8.1.1 and 18.1.1).</summary>
sealed class RequestComposer(UserAgentOptions options, LocalAddresses addresses, ServerTable servers, RefusedStreams refused)
{
    /// <summary>What fits into a UDP datagram over IPv4.</summary>
    public const int MaxBytes = 65_507;

    readonly ArrayBufferWriter<byte> buffer = new(2_048);

    public SentRequest Compose(RequestParts parts, IReadOnlyList<HeaderLine> headers, ReadOnlyMemory<byte> sdp = default,
        IReadOnlyList<ExtraHeader>? extra = null)
    {
        parts = parts with { Destination = Located(parts.Destination, parts.Target, parts.CallId), Target = null };
        HeaderLine[] authorization = [.. headers.Where(h => h.Id is HeaderId.Authorization or HeaderId.ProxyAuthorization)];
        var bytes = Write(parts, headers, sdp, extra);
        var sent = new SentRequest(parts, bytes, this, authorization);
        if (bytes.Length <= options.MaxDatagramBytes || !MaySwitch(parts)) return sent;
        parts = parts with { Destination = parts.Destination with { Transport = SipTransport.Tcp } };
        return new SentRequest(parts, Write(parts, headers, sdp, extra), this, authorization, sent);
    }

    /// <summary>Where the next request of a dialog goes.</summary>
    public Hop HopOf(Dialog dialog)
    {
        var (hop, name) = dialog.NextHop();
        return Located(hop, name, dialog.Id.CallId);
    }

    /// <summary>A name becomes the first of its servers, the same for all requests of one call.</summary>
    Hop Located(Hop hop, Target? name, string callId) => name is { } target && servers.Hops(target, callId) is [var first, ..] ? first : hop;

    bool MaySwitch(RequestParts parts) =>
        parts.Destination is { IsReliable: false, IsFlow: false } && parts.Method is not (SipMethod.Ack or SipMethod.Cancel)
        && addresses.Speaks(SipTransport.Tcp) && !refused.Contains(parts.Destination);

    public byte[] Write(
        RequestParts parts, IReadOnlyList<HeaderLine> headers, ReadOnlyMemory<byte> sdp = default, IReadOnlyList<ExtraHeader>? extra = null)
    {
        buffer.ResetWrittenCount();
        var writer = new SipWriter(buffer)
            .RequestLine(parts.Method.Text(), parts.RequestUri)
            .Header(HeaderId.Via, Via(parts))
            .Header(HeaderId.MaxForwards, 70);
        foreach (var route in parts.Routes) writer.Header(HeaderId.Route, route);
        writer.Header(HeaderId.From, parts.From)
            .Header(HeaderId.To, parts.To)
            .Header(HeaderId.CallId, parts.CallId)
            .Header(HeaderId.CSeq, $"{parts.CSeq} {parts.Method.Text()}");
        foreach (var header in headers) writer.Header(header.Id, header.Value);
        foreach (var line in extra ?? []) writer.Header(line.Name, line.Value);
        writer.Header(HeaderId.UserAgent, parts.Product ?? options.Product).End(sdp.Span, MediaTypes.Sdp);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Host and port in the request's Via.</summary>
    public string SentBy(RequestParts parts) => addresses.SentBy(parts.SentBy, parts.Destination);

    string Via(RequestParts parts) => $"SIP/2.0/{parts.Destination.Transport.ViaName()} {SentBy(parts)};branch={parts.Branch};rport";
}
