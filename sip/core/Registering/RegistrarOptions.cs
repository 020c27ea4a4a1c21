namespace OrleansCallback.Sip;

/// <summary>Settings of a <see cref="Registrar"/>.</summary>
/// <param name="Domain">The domain of the addresses of record; also the realm that passwords are hashed with.</param>
public sealed record RegistrarOptions(string Domain)
{
    /// <summary>Other hosts that phones may name in place of the domain, such as our own addresses. Compared without regard to case.</summary>
    public IReadOnlyList<string> OtherHosts { get; init; } = [];

    /// <summary>A binding that is asked for with less is refused with 423 (RFC 3261 section 10.3, step 7).</summary>
    public TimeSpan MinExpires { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A binding over a stream lives so long at most; the end of its connection ends it sooner.</summary>
    public TimeSpan MaxExpires { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A binding over UDP lives so long at most: only its next REGISTER shows that a NAT has moved the phone or that this process is another one,
    /// and mappings of 2 minutes are the least that a NAT should keep (RFC 4787 section 4.3).
    /// </summary>
    public TimeSpan MaxExpiresUdp { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The most bindings of one account: another one takes the place of the one that was not refreshed for longest. A REGISTER that names more
    /// is refused with 403.
    /// </summary>
    public int MaxBindings { get; init; } = 5;

    /// <summary>The most accounts with bindings; a REGISTER of another is refused with 503.</summary>
    public int MaxAccounts { get; init; } = 100_000;

    /// <summary>The algorithms that challenges offer (RFC 8760); the secrets of accounts have to be hashed with each.</summary>
    public IReadOnlyList<DigestAlgorithm> Algorithms { get; init; } = [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    /// <summary>The key that nonces are made with; null takes a random one.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }
}
