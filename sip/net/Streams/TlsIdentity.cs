using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansCallback.Sip.Net;

/// <summary>
/// Who we are over TLS and whom we trust (RFC 3261 section 26.3.1, RFC 5922). We present one certificate in both directions; a server that
/// we connect to must hold the name that we looked for, as a SIP URI or as a host's.
/// </summary>
public sealed class TlsIdentity : IDisposable
{
    readonly X509Certificate2 own;
    readonly SslStreamCertificateContext context;
    readonly X509Certificate2Collection trusted;
    readonly bool requiresClient;

    TlsIdentity(X509Certificate2 own, X509Certificate2Collection chain, X509Certificate2Collection trusted, bool requiresClient)
    {
        (this.own, this.trusted, this.requiresClient) = (own, trusted, requiresClient);
        context = SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    /// <summary>Reads the files.</summary>
    /// <param name="certificate">PEM: our certificate and behind it those between it and the root.</param>
    /// <param name="key">PEM: its private key, not encrypted.</param>
    /// <param name="trusted">PEM: the roots that peers' certificates must lead to; null: those of the operating system.</param>
    /// <param name="requiresClient">True: who connects to us must present a certificate that we trust (mutual TLS).</param>
    /// <exception cref="CryptographicException">A file does not hold what it should.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TlsIdentity Load(string certificate, string key, string? trusted, bool requiresClient)
    {
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
        return new TlsIdentity(own, chain, roots, requiresClient);
    }

    /// <inheritdoc/>
    public void Dispose() => own.Dispose();

    internal SslServerAuthenticationOptions Server() => new()
    {
        ServerCertificateContext = context,
        ClientCertificateRequired = requiresClient,
        CertificateChainPolicy = Policy(),
    };

    internal SslClientAuthenticationOptions Client(string name) => new()
    {
        TargetHost = name.Trim('[', ']'),
        ClientCertificateContext = context,
        CertificateChainPolicy = Policy(),
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsServer(name.Trim('[', ']'), certificate as X509Certificate2, errors),
    };

    /// <summary>Domains that the certificate names by SIP URIs go before all host names in it (RFC 5922 section 7.1).</summary>
    static bool IsServer(string name, X509Certificate2? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None) return false;
        var domains = SipDomains.Of(certificate);
        return domains.Count == 0 ? errors == SslPolicyErrors.None : domains.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (trusted.Count == 0) return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(trusted);
        return policy;
    }
}
