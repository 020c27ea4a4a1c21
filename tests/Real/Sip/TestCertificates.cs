using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansCallback.Sip.Net;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Sip;

/// <summary>A certificate authority of the tests' own, and certificates from it as PEM files.</summary>
sealed class TestCertificates : IDisposable
{
    readonly X509Certificate2 root;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        root = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(79));
        Root = TestFolder.NewFile("root.pem");
        File.WriteAllText(Root, root.ExportCertificatePem());
    }

    /// <summary>File with the root.</summary>
    public string Root { get; }

    /// <summary>Files with a certificate for these names, addresses and URIs, and with its key.</summary>
    public (string Certificate, string Key) For(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else if (name.Contains(':', StringComparison.Ordinal)) alternatives.AddUri(new Uri(name));
            else alternatives.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.Create(root, root.NotBefore, root.NotAfter, RandomNumberGenerator.GetBytes(12));
        var (file, keyFile) = (TestFolder.NewFile("server.pem"), TestFolder.NewFile("server.key"));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (file, keyFile);
    }

    /// <summary>An identity with this root.</summary>
    public TlsIdentity Identity(bool requiresClient, params string[] names)
    {
        var (certificate, key) = For(names);
        return TlsIdentity.Load(certificate, key, Root, requiresClient);
    }

    public void Dispose() => root.Dispose();
}
