using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansCallback.Sip.Net;

/// <summary>
/// Who we are over TLS and whom we trust (RFC 3261 section 26.3.1, RFC 5922). We present one certificate in both directions; a server that
/// we connect to must hold the name that we looked for, as a SIP URI or as a host's. Safe from any thread.
/// </summary>
public sealed class TlsIdentity : IDisposable
{
    readonly string certificate, key;
    readonly string? trusted;
    readonly bool requiresClient;
    volatile Loaded loaded;

    TlsIdentity(string certificate, string key, string? trusted, bool requiresClient)
    {
        (this.certificate, this.key, this.trusted, this.requiresClient) = (certificate, key, trusted, requiresClient);
        loaded = Read();
    }

    /// <summary>When our certificate ends (UTC).</summary>
    public DateTime NotAfter => loaded.Own.NotAfter.ToUniversalTime();

    /// <summary>Reads the files.</summary>
    /// <param name="certificate">PEM: our certificate and behind it those between it and the root.</param>
    /// <param name="key">PEM: its private key, not encrypted.</param>
    /// <param name="trusted">PEM: the roots that peers' certificates must lead to; null: those of the operating system.</param>
    /// <param name="requiresClient">True: who connects to us must present a certificate that we trust (mutual TLS).</param>
    /// <exception cref="CryptographicException">A file does not hold what it should.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TlsIdentity Load(string certificate, string key, string? trusted, bool requiresClient) =>
        new(certificate, key, trusted, requiresClient);

    /// <summary>
    /// Reads the files again; connections that are made from now on use what they hold. True if that is something else than before. What cannot be
    /// used is thrown as by <see cref="Load"/>, and what was loaded before stays.
    /// </summary>
    public bool Reload()
    {
        var before = loaded;
        if (Fingerprint() == before.Fingerprint) return false;
        loaded = Read(); // what was loaded before may be in use by a handshake that is under way
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => loaded.Own.Dispose();

    internal SslServerAuthenticationOptions Server(bool isMutual) => new()
    {
        ServerCertificateContext = loaded.Context,
        ClientCertificateRequired = requiresClient || isMutual,
        CertificateChainPolicy = loaded.Policy(),
    };

    internal SslClientAuthenticationOptions Client(string name) => new()
    {
        TargetHost = name.Trim('[', ']'),
        ClientCertificateContext = loaded.Context,
        CertificateChainPolicy = loaded.Policy(),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsServer(name.Trim('[', ']'), certificate as X509Certificate2, errors),
    };

    /// <summary>Domains that the certificate names by SIP URIs go before all host names in it (RFC 5922 section 7.1).</summary>
    static bool IsServer(string name, X509Certificate2? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None) return false;
        var domains = SipDomains.Of(certificate);
        return domains.Count == 0 ? errors == SslPolicyErrors.None : domains.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    Loaded Read()
    {
        var fingerprint = Fingerprint();
        using var pem = X509Certificate2.CreateFromPemFile(certificate, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        if (chain.Count > 0) chain.RemoveAt(0);
        var roots = new X509Certificate2Collection();
        if (trusted is not null)
        {
            roots.ImportFromPemFile(trusted);
            if (roots.Count == 0) throw new CryptographicException($"{trusted} holds no certificate");
        }
        // The key of a PEM pair is ephemeral, which not every TLS library takes: through PKCS#12 it is one that all take.
        var own = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        return new(fingerprint, own, SslStreamCertificateContext.Create(own, chain, offline: true), roots);
    }

    string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in (string?[])[certificate, key, trusted])
        {
            if (file is not null) hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>What the files held.</summary>
    sealed record Loaded(string Fingerprint, X509Certificate2 Own, SslStreamCertificateContext Context, X509Certificate2Collection Trusted)
    {
        public X509ChainPolicy Policy()
        {
            var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
            if (Trusted.Count == 0) return policy;
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Trusted);
            return policy;
        }
    }
}
