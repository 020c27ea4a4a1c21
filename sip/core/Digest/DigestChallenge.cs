using System.Text;

namespace OrleansCallback.Sip;

/// <summary>Hash algorithms for digest authentication, weakest first (RFC 8760 section 2.1).</summary>
enum DigestAlgorithm
{
    Md5,
    Sha256,
}

/// <summary>One Digest challenge of a WWW-Authenticate or Proxy-Authenticate field (RFC 7616 section 3.3).</summary>
sealed record DigestChallenge(
    string Realm, string Nonce, string? Opaque, DigestAlgorithm Algorithm, bool IsSession, string? AlgorithmText, bool HasQop, bool Stale)
{
    /// <summary>The longest nonce, realm or opaque that is repeated, and the most challenges that are read.</summary>
    const int MaxText = 1_024;
    const int MaxChallenges = 16;

    /// <summary>The challenges of a response that can be answered, in their order; others are left out.</summary>
    public static List<DigestChallenge> ReadAll(SipMessage response, HeaderId field)
    {
        var list = new List<DigestChallenge>();
        Dictionary<string, string>? parameters = null;
        foreach (var value in response.Values(field))
        {
            var text = value;
            var scheme = text[..Grammar.TokenLength(text)];
            var rest = Grammar.Trim(text[scheme.Length..]);
            // "Digest realm=..." starts a challenge, "nonce=..." goes on with it.
            if (rest is not [(byte)'=', ..])
            {
                Add(list, parameters);
                parameters = Grammar.EqualsIgnoreCase(scheme, "Digest"u8) ? new(StringComparer.OrdinalIgnoreCase) : null;
                text = rest;
            }
            Take(parameters, text);
        }
        Add(list, parameters);
        return list;
    }

    static void Take(Dictionary<string, string>? parameters, ReadOnlySpan<byte> text)
    {
        var equals = text.IndexOf((byte)'=');
        if (parameters is null || equals < 0) return;
        parameters.TryAdd(Grammar.Text(Grammar.Trim(text[..equals])), Grammar.Unquote(Grammar.Trim(text[(equals + 1)..])));
    }

    static void Add(List<DigestChallenge> list, Dictionary<string, string>? parameters)
    {
        if (parameters is not null && list.Count < MaxChallenges && From(parameters) is { } challenge) list.Add(challenge);
    }

    static DigestChallenge? From(Dictionary<string, string> parameters)
    {
        if (!parameters.TryGetValue("realm", out var realm) || !parameters.TryGetValue("nonce", out var nonce)) return null;
        var opaque = parameters.GetValueOrDefault("opaque");
        if (realm.Length > MaxText || nonce.Length > MaxText || opaque?.Length > MaxText) return null;
        var name = parameters.GetValueOrDefault("algorithm");
        var session = name?.EndsWith("-sess", StringComparison.OrdinalIgnoreCase) == true;
        DigestAlgorithm? algorithm = (session ? name![..^5] : name ?? "MD5").ToUpperInvariant() switch
        {
            "MD5" => DigestAlgorithm.Md5,
            "SHA-256" => DigestAlgorithm.Sha256,
            _ => null,
        };
        var qop = parameters.GetValueOrDefault("qop");
        var auth = qop?.Split(',', StringSplitOptions.TrimEntries).Contains("auth", StringComparer.OrdinalIgnoreCase);
        if (algorithm is null || auth == false) return null;
        var stale = string.Equals(parameters.GetValueOrDefault("stale"), "true", StringComparison.OrdinalIgnoreCase);
        return new DigestChallenge(realm, nonce, opaque, algorithm.Value, session, name, auth == true, stale);
    }
}
