namespace OrleansCallback.Sip;

/// <summary>The value of From, To, Contact, Route or Record-Route: an address with its parameters (RFC 3261 section 20.10).</summary>
/// <param name="DisplayName">Without quotes and escapes; empty when there is none.</param>
/// <param name="Uri">The URI as it was written, of any scheme.</param>
/// <param name="Parameters">The parameters of the header field, not those of the URI.</param>
public sealed record NameAddress(string DisplayName, string Uri, SipParameters Parameters)
{
    /// <summary>The tag of From or To; empty when there is none.</summary>
    public string Tag => Parameters["tag"] ?? "";

    /// <summary>The address as it stands on the wire, always with angle brackets.</summary>
    public override string ToString() =>
        DisplayName.Length == 0 ? $"<{Uri}>{Parameters}" : $"{Grammar.Quote(DisplayName)} <{Uri}>{Parameters}";

    /// <summary>Reads one address. Without angle brackets, parameters belong to the header field.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out NameAddress address)
    {
        address = null!;
        if (!TryScan(text, out var name, out var uri, out var rest) || !SipParameters.TryParse(rest, out var parameters)) return false;
        address = new NameAddress(Grammar.Unquote(name), Grammar.Text(uri), parameters);
        return true;
    }

    /// <summary>Whether <see cref="TryParse"/> would read it.</summary>
    internal static bool IsAddress(ReadOnlySpan<byte> text) => TryScan(text, out _, out _, out _);

    /// <summary>Finds the parts of an address and checks them.</summary>
    static bool TryScan(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> uri, out ReadOnlySpan<byte> rest)
    {
        uri = rest = default;
        text = Grammar.Trim(text);
        if (!TryDisplayName(ref text, out name)) return false;
        if (text is [(byte)'<', ..])
        {
            var end = text.IndexOf((byte)'>');
            if (end < 0) return false;
            uri = text[1..end];
            rest = text[(end + 1)..];
        }
        else
        {
            if (!name.IsEmpty) return false;
            var end = text.IndexOf((byte)';');
            uri = Grammar.Trim(end < 0 ? text : text[..end]);
            rest = end < 0 ? default : text[end..];
            // Without brackets nobody could tell the headers of the URI from the field's own (RFC 3261 section 20.10).
            if (uri.Contains((byte)'?')) return false;
        }
        return IsUri(uri) && ParameterScanner.IsList(rest, "tag"u8, out var tag, out var tagged) && (!tagged || IsTag(tag));
    }

    /// <summary>A quoted string or tokens in front of an angle bracket; blanks in between are optional.</summary>
    static bool TryDisplayName(scoped ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (text is [(byte)'"', ..])
        {
            var length = Grammar.QuotedLength(text);
            if (length > text.Length) return false;
            name = text[..length];
            text = Grammar.Trim(text[length..]);
            return text is [(byte)'<', ..];
        }
        var angle = text.IndexOf((byte)'<');
        if (angle <= 0) return true;
        name = Grammar.Trim(text[..angle]);
        text = text[angle..];
        return true;
    }

    static bool IsUri(ReadOnlySpan<byte> uri)
    {
        var colon = uri.IndexOf((byte)':');
        return colon > 0 && colon < uri.Length - 1 && Grammar.IsVisible(uri) && Grammar.IsToken(uri[..colon]) && !uri.ContainsAny("<>\""u8);
    }

    /// <summary>A tag is a token; quoted or empty ones would make dialogs that cannot be told apart.</summary>
    static bool IsTag(ReadOnlySpan<byte> tag) => tag.Length is > 0 and <= 256 && tag[0] != '"';
}
