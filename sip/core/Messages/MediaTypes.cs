namespace OrleansCallback.Sip;

/// <summary>Which bodies are understood (RFC 3261 sections 8.2.3 and 20.15).</summary>
static class MediaTypes
{
    public const string Sdp = "application/sdp";

    /// <summary>False for a body that is no SDP, or an encoded one: 415.</summary>
    public static bool IsSdpOrEmpty(SipMessage message)
    {
        if (message.Body.IsEmpty) return true;
        var encoding = message.Header(HeaderId.ContentEncoding);
        if (!encoding.IsEmpty && !Grammar.EqualsIgnoreCase(encoding, "identity"u8)) return false;
        var type = message.Header(HeaderId.ContentType);
        var semicolon = type.IndexOf((byte)';');
        return Grammar.EqualsIgnoreCase(Grammar.Trim(semicolon < 0 ? type : type[..semicolon]), "application/sdp"u8);
    }

    /// <summary>The SDP of a message; empty when its body is something else.</summary>
    public static ReadOnlyMemory<byte> SdpOf(SipMessage message) => IsSdpOrEmpty(message) ? message.Body : default;
}
