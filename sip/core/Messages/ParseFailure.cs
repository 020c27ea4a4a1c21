namespace OrleansCallback.Sip;

/// <summary>Why bytes are not a well-formed SIP message. Counted, never logged with the bytes.</summary>
public enum ParseFailure
{
    /// <summary>The message is well formed.</summary>
    None,
    /// <summary>Nothing but line ends: a keep-alive (RFC 5626 section 3.5.1), no message.</summary>
    KeepAlive,
    /// <summary>Longer than <see cref="SipParser.MaxMessageBytes"/>.</summary>
    TooLarge,
    /// <summary>The first line is neither a request line nor a status line.</summary>
    StartLine,
    /// <summary>A request or response of another version than SIP/2.0; a request gets 505.</summary>
    Version,
    /// <summary>The Request-URI is not a URI.</summary>
    RequestUri,
    /// <summary>A header line without a name, without a colon, or with control characters.</summary>
    HeaderLine,
    /// <summary>More than <see cref="SipParser.MaxHeaders"/> header lines.</summary>
    TooManyHeaders,
    /// <summary>The empty line after the headers is missing.</summary>
    NoHeaderEnd,
    /// <summary>Via missing or malformed.</summary>
    Via,
    /// <summary>From missing, malformed or given twice.</summary>
    From,
    /// <summary>To missing, malformed or given twice.</summary>
    To,
    /// <summary>Call-ID missing, malformed or given twice.</summary>
    CallId,
    /// <summary>CSeq missing, malformed or given twice.</summary>
    CSeq,
    /// <summary>The method in CSeq is not that of the request line.</summary>
    CSeqMethod,
    /// <summary>Content-Length is no number, is contradicted by a second one, or exceeds the bytes that came.</summary>
    ContentLength,
    /// <summary>Max-Forwards is no number from 0 to 255.</summary>
    MaxForwards,
    /// <summary>A Contact, Route or Record-Route that cannot be read.</summary>
    Address,
}
