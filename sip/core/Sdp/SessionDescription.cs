namespace OrleansCallback.Sip;

/// <summary>A session description, as far as offers and answers need it (RFC 8866). Lines without a meaning here are skipped.</summary>
/// <param name="SessionId">The number in o=.</param>
/// <param name="Version">The version in o=.</param>
/// <param name="Connection">The address of the session's c= line; null when there is none.</param>
/// <param name="Direction">The session's direction attribute; null when there is none.</param>
/// <param name="Media">The m= blocks in order.</param>
public sealed record SessionDescription(
    string SessionId, string Version, string? Connection, MediaDirection? Direction, IReadOnlyList<MediaDescription> Media)
{
    /// <summary>Reads a description; false when it is none. Never throws.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SessionDescription description) => SdpReader.TryRead(text, out description);
}

/// <summary>One m= block (RFC 8866 section 5.14).</summary>
/// <param name="Kind">"audio", "video", ...</param>
/// <param name="Port">The RTP port; 0 rejects the stream.</param>
/// <param name="Protocol">"RTP/AVP", ...</param>
/// <param name="Formats">Payload types in order of preference, as text.</param>
public sealed record MediaDescription(string Kind, int Port, string Protocol, IReadOnlyList<string> Formats)
{
    /// <summary>The address of the block's own c= line; null when there is none.</summary>
    public string? Connection { get; init; }

    /// <summary>The block's own direction; null when there is none.</summary>
    public MediaDirection? Direction { get; init; }

    /// <summary>Milliseconds of a=ptime; null when there is none.</summary>
    public int? Ptime { get; init; }

    /// <summary>Milliseconds of a=maxptime; null when there is none.</summary>
    public int? MaxPtime { get; init; }

    /// <summary>a=rtcp (RFC 3605): a port with an optional address; null when there is none.</summary>
    public (int Port, string? Address)? Rtcp { get; init; }

    /// <summary>True when a=rtcp-mux stands in the block (RFC 5761).</summary>
    public bool RtcpMux { get; init; }

    /// <summary>Those a=crypto that can be used (RFC 4568), in order of preference.</summary>
    public IReadOnlyList<CryptoLine> Crypto { get; init; } = [];

    /// <summary>a=fmtp: payload type and parameters.</summary>
    public IReadOnlyList<(int PayloadType, string Parameters)> FormatParameters { get; init; } = [];

    /// <summary>a=rtpmap: payload type and "name/rate/channels".</summary>
    public IReadOnlyList<(int PayloadType, string Encoding)> RtpMaps { get; init; } = [];
}
