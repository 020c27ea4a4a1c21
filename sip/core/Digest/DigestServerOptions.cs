namespace OrleansCallback.Sip;

/// <summary>Settings of a <see cref="DigestServer"/>.</summary>
/// <param name="Realm">The realm that users know, as a rule the domain.</param>
public sealed record DigestServerOptions(string Realm)
{
    /// <summary>The algorithms that are offered, the best liked first (RFC 8760 section 2.3): one challenge for each.</summary>
    public IReadOnlyList<DigestAlgorithm> Algorithms { get; init; } = [DigestAlgorithm.Sha512Of256, DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    /// <summary>True to ask as a proxy: 407 with Proxy-Authenticate in place of 401 with WWW-Authenticate (RFC 3261 section 22.3).</summary>
    public bool IsProxy { get; init; }

    /// <summary>
    /// True to offer auth-int beside auth, which protects the body too. Some phones read a list of two as one word, so it is not for requests without a
    /// body. It is taken from whoever uses it in any case.
    /// </summary>
    public bool OffersIntegrity { get; init; } = true;

    /// <summary>How long a nonce may be used; after that it is stale.</summary>
    public TimeSpan NonceLife { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most nonces whose counts are remembered; when more are in use, the oldest one becomes stale.</summary>
    public int MaxNonces { get; init; } = 65_536;

    /// <summary>The key that nonces are made with, at least 16 bytes; null takes a random one, which makes those of an earlier process stale.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }
}
