using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip;

/// <summary>
/// The two bodies in which phones tell a key by INFO. No RFC describes them; they are what is in use: <c>application/dtmf-relay</c> with lines
/// such as <c>Signal=5</c> and <c>Duration=160</c>, and <c>application/dtmf</c> with the key alone.
/// </summary>
static class DtmfBody
{
    const string Relay = "application/dtmf-relay", Bare = "application/dtmf";

    /// <summary>The 415 of an INFO whose body is neither (RFC 6086 section 4.2.2, RFC 3261 section 21.4.13).</summary>
    public static readonly IReadOnlyList<HeaderLine> Accepted = [new(HeaderId.Accept, $"{Relay}, {Bare}"), Capabilities.AcceptEncoding];

    /// <summary>Whether the body is of either kind, whatever it says.</summary>
    public static bool Is(SipMessage info) => MediaTypes.Has(info, Relay) || MediaTypes.Has(info, Bare);

    /// <summary>Reads the key; false for a body that names none.</summary>
    public static bool TryRead(SipMessage info, out char key)
    {
        var body = info.BodySpan;
        key = default;
        if (MediaTypes.Has(info, Bare)) return TryKey(body.Trim(" \t\r\n"u8), out key);
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].TrimEnd((byte)'\r');
            var equals = line.IndexOf((byte)'=');
            if (equals > 0 && Grammar.EqualsIgnoreCase(Grammar.Trim(line[..equals]), "Signal"u8)) return TryKey(Grammar.Trim(line[(equals + 1)..]), out key);
        }
        return false;
    }

    /// <summary>A key as itself, or by its code: 10 is the star, 11 the pound sign.</summary>
    static bool TryKey(ReadOnlySpan<byte> text, out char key)
    {
        key = default;
        byte code = 0;
        var known = text.Length == 1
            ? TelephoneEvent.TryCodeOf((char)text[0], out code)
            : Grammar.TryNumber(text, 15, out var number) && (code = (byte)number) >= 10;
        if (known) key = new TelephoneEvent(code, IsEnd: true, 0, 0).Key!.Value;
        return known;
    }
}
