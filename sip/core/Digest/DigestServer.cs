using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>
/// The server's side of digest authentication (RFC 3261 section 22, RFC 7616, RFC 8760): makes challenges and verifies credentials, each
/// nonce count once. No socket and no clock; not thread-safe, its loop owns it. A repeated request has to be taken by its transaction
/// before it comes here, since its count has been used.
/// </summary>
public sealed class DigestServer
{
    readonly DigestServerOptions options;
    readonly NonceBook nonces;
    readonly string opaque;

    /// <summary>A server that has challenged nobody yet.</summary>
    /// <exception cref="ArgumentException">No algorithm, or a key of less than 16 bytes.</exception>
    public DigestServer(DigestServerOptions options)
    {
        if (options.Algorithms.Count == 0) throw new ArgumentException("a digest server without an algorithm", nameof(options));
        if (options.Key is { Length: < 16 } key) throw new ArgumentException($"a key of {key.Length} bytes is none", nameof(options));
        this.options = options;
        nonces = new NonceBook(options);
        opaque = DigestAlgorithm.Sha256.Hex(options.Realm)[..16];
    }

    /// <summary>The status of a challenge: 401, or 407 as a proxy.</summary>
    public int ChallengeCode => options.IsProxy ? 407 : 401;

    /// <summary>Nonces in use.</summary>
    public int Nonces => nonces.Count;

    /// <summary>What a server has to keep of a password: the hash of user, realm and password (RFC 7616 section 3.4.2, A1).</summary>
    public static string Secret(string username, string realm, string password, DigestAlgorithm algorithm) =>
        algorithm.Hex($"{username}:{realm}:{password}");

    /// <summary>The header lines of a challenge, one for each algorithm (RFC 8760 section 2.3).</summary>
    /// <param name="now">The time.</param>
    /// <param name="stale">True when the password was right and only the nonce too old.</param>
    public IReadOnlyList<HeaderLine> Challenge(TimeSpan now, bool stale = false)
    {
        var nonce = nonces.Next(now);
        var field = options.IsProxy ? HeaderId.ProxyAuthenticate : HeaderId.WwwAuthenticate;
        return [.. options.Algorithms.Select(algorithm => new HeaderLine(field,
            $"Digest realm={Grammar.Quote(options.Realm)}, nonce=\"{nonce}\", opaque=\"{opaque}\", algorithm={algorithm.Text()}, "
            + $"qop=\"{(options.OffersIntegrity ? "auth,auth-int" : "auth")}\"{(stale ? ", stale=true" : "")}"))];
    }

    /// <summary>
    /// What can be said against a request before the user's secret is known, so that nobody has to be looked up for a request that anybody could
    /// have made up: no or unreadable credentials, a nonce that is not ours, too old (RFC 7616 section 3.3) or used. Null: the secret decides.
    /// </summary>
    public DigestVerdict? Refuse(SipMessage request, TimeSpan now) => Read(request) is not { } said ? DigestVerdict.Missing : Refuse(request, said, now);

    /// <summary>Verifies the credentials of a request for this realm.</summary>
    /// <param name="request">The request.</param>
    /// <param name="secretOf">The user's <see cref="Secret"/> for an algorithm; null when there is none.</param>
    /// <param name="now">The time.</param>
    public DigestCheck Verify(SipMessage request, Func<string, DigestAlgorithm, string?> secretOf, TimeSpan now)
    {
        if (Read(request) is not { } said) return new(DigestVerdict.Missing, "");
        var username = said.GetValueOrDefault("username", "");
        return new(Refuse(request, said, now) ?? Verify(request, said, username, secretOf, now), username);
    }

    Dictionary<string, string>? Read(SipMessage request) =>
        DigestParameters.ReadAll(request, options.IsProxy ? HeaderId.ProxyAuthorization : HeaderId.Authorization)
            .Find(p => p.GetValueOrDefault("realm") == options.Realm);

    DigestVerdict? Refuse(SipMessage request, Dictionary<string, string> said, TimeSpan now)
    {
        string Said(string name) => said.GetValueOrDefault(name, "");
        if (AlgorithmOf(said) is null || ProtectionOf(Said("qop")) is null || !IsOf(request, Said("uri")) || Said("cnonce").Length == 0
            || Said("nc").Length != 8 || CountOf(said) is not { } count || count == 0) return DigestVerdict.Malformed;
        if (nonces.Find(Said("nonce"), now) is not { } nonce) return DigestVerdict.Stale;
        return nonces.IsUsed(nonce, count) ? DigestVerdict.Replayed : null;
    }

    DigestVerdict Verify(
        SipMessage request, Dictionary<string, string> said, string username, Func<string, DigestAlgorithm, string?> secretOf, TimeSpan now)
    {
        string Said(string name) => said.GetValueOrDefault(name, "");
        var (algorithm, protection) = (AlgorithmOf(said)!.Value, ProtectionOf(Said("qop"))!.Value);
        var secret = secretOf(username, algorithm);
        var challenge = new DigestChallenge(options.Realm, Said("nonce"), null, algorithm, false, null, protection, false);
        var subject = new DigestSubject(request.MethodName, Said("uri"), request.Body);
        // An unknown user costs as much as a known one, so that the time tells nothing.
        var expected = DigestResponse.Compute(challenge, secret ?? "", subject, Said("nc"), Said("cnonce"));
        var right = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(Said("response")));
        if (secret is null) return DigestVerdict.UnknownUser;
        if (!right) return DigestVerdict.WrongPassword;
        nonces.Use(nonces.Find(Said("nonce"), now)!.Value, CountOf(said)!.Value, now);
        return DigestVerdict.Proven;
    }

    DigestAlgorithm? AlgorithmOf(Dictionary<string, string> said) =>
        DigestAlgorithms.Parse(said.GetValueOrDefault("algorithm")) is { } algorithm && options.Algorithms.Contains(algorithm) ? algorithm : null;

    static uint? CountOf(Dictionary<string, string> said) =>
        uint.TryParse(said.GetValueOrDefault("nc"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count) ? count : null;

    static DigestProtection? ProtectionOf(string qop) =>
        qop.Equals("auth", StringComparison.OrdinalIgnoreCase) ? DigestProtection.Auth
        : qop.Equals("auth-int", StringComparison.OrdinalIgnoreCase) ? DigestProtection.AuthInt : null;

    /// <summary>The URI that was hashed has to lead where the request goes; phones differ in ports and parameters (RFC 3261 section 22.4).</summary>
    static bool IsOf(SipMessage request, string uri) =>
        SipUri.TryParse(uri, out var hashed) && SipUri.TryParse(request.RequestUri, out var asked)
        && hashed.User == asked.User && hashed.HostPort.Host.Equals(asked.HostPort.Host, StringComparison.OrdinalIgnoreCase);
}
