namespace OrleansCallback.Sip;

/// <summary>Reads "Digest name=value, name="value"" fields: challenges, credentials and Authentication-Info (RFC 7616 section 3).</summary>
static class DigestParameters
{
    /// <summary>The longest value that is looked at, the most parameters and the most sets of them in one message.</summary>
    const int MaxText = 1_024, MaxParameters = 32, MaxSets = 16;

    /// <summary>The parameter sets of all lines of a field, in order; other schemes than Digest are left out.</summary>
    public static List<Dictionary<string, string>> ReadAll(SipMessage message, HeaderId field)
    {
        var sets = new List<Dictionary<string, string>>();
        Dictionary<string, string>? current = null;
        foreach (var value in message.Values(field))
        {
            var text = value;
            var scheme = text[..Grammar.TokenLength(text)];
            var rest = Grammar.Trim(text[scheme.Length..]);
            // "Digest realm=..." starts a set, "nonce=..." goes on with it.
            if (rest is not [(byte)'=', ..])
            {
                current = null;
                if (Grammar.EqualsIgnoreCase(scheme, "Digest"u8) && sets.Count < MaxSets) sets.Add(current = new(StringComparer.OrdinalIgnoreCase));
                text = rest;
            }
            Take(current, text);
        }
        return sets;
    }

    /// <summary>One parameter of a field without a scheme (Authentication-Info); null when it is not there.</summary>
    public static string? Of(SipMessage message, HeaderId field, string name)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in message.Values(field)) Take(parameters, value);
        return parameters.GetValueOrDefault(name);
    }

    static void Take(Dictionary<string, string>? parameters, ReadOnlySpan<byte> text)
    {
        var equals = text.IndexOf((byte)'=');
        if (parameters is null || equals < 0 || parameters.Count == MaxParameters) return;
        var value = Grammar.Unquote(Grammar.Trim(text[(equals + 1)..]));
        if (value.Length <= MaxText) parameters.TryAdd(Grammar.Text(Grammar.Trim(text[..equals])), value);
    }
}
