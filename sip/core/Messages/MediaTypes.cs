using System.Text;

namespace OrleansCallback.Sip;

/// <summary>Which bodies are understood (RFC 3261 sections 8.2.3 and 20.15).</summary>
static class MediaTypes
{
    public const string Sdp = "application/sdp";
    public const string Mixed = "multipart/mixed";

    /// <summary>False for a body of which something must be understood and is not: another type, an encoded one (RFC 3261 section 8.2.3): 415.</summary>
    public static bool IsUnderstood(SipMessage message) => TryRead(message, out _);

    /// <summary>Whether the body is of this type, with any parameters, and not encoded.</summary>
    public static bool Has(SipMessage message, string type)
    {
        var encoding = message.Header(HeaderId.ContentEncoding);
        if (!encoding.IsEmpty && !Grammar.EqualsIgnoreCase(encoding, "identity"u8)) return false;
        var said = message.Header(HeaderId.ContentType);
        var semicolon = said.IndexOf((byte)';');
        return Ascii.EqualsIgnoreCase(Grammar.Trim(semicolon < 0 ? said : said[..semicolon]), type);
    }

    /// <summary>False when the sender lists what it takes in responses and SDP is not there (RFC 3261 section 20.1).</summary>
    public static bool AcceptsSdp(SipMessage request)
    {
        if (!request.Has(HeaderId.Accept)) return true;
        foreach (var value in request.Values(HeaderId.Accept))
        {
            var semicolon = value.IndexOf((byte)';');
            var range = Grammar.Trim(semicolon < 0 ? value : value[..semicolon]);
            if (Grammar.EqualsIgnoreCase(range, "application/sdp"u8) || range.SequenceEqual("*/*"u8) || Grammar.EqualsIgnoreCase(range, "application/*"u8)) return true;
        }
        return false;
    }

    /// <summary>The session description of a message, alone or as a part of its body; empty when there is none.</summary>
    public static ReadOnlyMemory<byte> SdpOf(SipMessage message)
    {
        TryRead(message, out var sdp);
        return sdp;
    }

    static bool TryRead(SipMessage message, out ReadOnlyMemory<byte> sdp)
    {
        var usual = !message.BodySpan.IsEmpty && Has(message, Sdp) && !message.Has(HeaderId.ContentDisposition);
        sdp = usual ? message.Body : default;
        return usual || message.BodySpan.IsEmpty || BodyPart.Of(message).TryRead(ref sdp);
    }
}
