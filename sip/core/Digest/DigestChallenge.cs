namespace OrleansCallback.Sip;

/// <summary>What a response vouches for (RFC 7616 section 3.3, qop).</summary>
enum DigestProtection
{
    /// <summary>No qop, as RFC 2069 had it.</summary>
    None,
    /// <summary>Method and URI.</summary>
    Auth,
    /// <summary>The body too.</summary>
    AuthInt,
}

/// <summary>One Digest challenge of a WWW-Authenticate or Proxy-Authenticate field (RFC 7616 section 3.3).</summary>
sealed record DigestChallenge(
    string Realm, string Nonce, string? Opaque, DigestAlgorithm Algorithm, bool IsSession, string? AlgorithmText, DigestProtection Protection, bool Stale)
{
    /// <summary>The challenges of a response that can be answered, in their order; others are left out.</summary>
    public static List<DigestChallenge> ReadAll(SipMessage response, HeaderId field) =>
        [.. DigestParameters.ReadAll(response, field).Select(From).OfType<DigestChallenge>()];

    static DigestChallenge? From(Dictionary<string, string> parameters)
    {
        if (!parameters.TryGetValue("realm", out var realm) || !parameters.TryGetValue("nonce", out var nonce)) return null;
        var name = parameters.GetValueOrDefault("algorithm");
        var session = name?.EndsWith("-sess", StringComparison.OrdinalIgnoreCase) == true;
        if (DigestAlgorithms.Parse(session ? name![..^5] : name) is not { } algorithm) return null;
        if (ProtectionOf(parameters.GetValueOrDefault("qop")) is not { } protection) return null;
        var stale = string.Equals(parameters.GetValueOrDefault("stale"), "true", StringComparison.OrdinalIgnoreCase);
        return new DigestChallenge(realm, nonce, parameters.GetValueOrDefault("opaque"), algorithm, session, name, protection, stale);
    }

    /// <summary>auth where it is offered, since a proxy on the way may change a body; null when nothing offered is known.</summary>
    static DigestProtection? ProtectionOf(string? qop)
    {
        if (qop is null) return DigestProtection.None;
        var offered = qop.Split(',', StringSplitOptions.TrimEntries);
        return offered.Contains("auth", StringComparer.OrdinalIgnoreCase) ? DigestProtection.Auth
            : offered.Contains("auth-int", StringComparer.OrdinalIgnoreCase) ? DigestProtection.AuthInt : null;
    }
}
