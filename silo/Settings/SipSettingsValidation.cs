using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OrleansCallback.Sip;
using OrleansCallback.Sip.Net;

namespace OrleansCallback.Silo.Settings;

/// <summary>Says at start what is wrong with signalling and what to write instead.</summary>
sealed class SipSettingsValidation : IValidateOptions<SipSettings>
{
    public ValidateOptionsResult Validate(string? name, SipSettings settings)
    {
        string[] errors = [.. Addresses(settings), .. Ports(settings), .. MutualTls(settings), .. Transports(settings), .. Answers(settings), .. Sessions(settings)];
        if (errors.Length == 0) errors = [.. Certificates(settings)];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static IEnumerable<string> Addresses(SipSettings settings)
    {
        var advertised = settings.AdvertisedAddresses;
        if (!IPAddress.TryParse(settings.Address, out var bound))
            yield return $"Sip:Address is '{settings.Address}'; write the IP address that SIP signalling binds to.";
        else if (PrivateNetwork.IsWildcard(bound) && advertised.Count == 0)
            yield return $"Sip:Address is {bound}, every address of this machine; write in Sip:AdvertisedAddress the one that carriers send to.";
        if (advertised.Count > 0 && settings.Port == 0)
            yield return "Sip:Port is 0 though Sip:AdvertisedAddress is set; write the port that carriers send to.";
        var numbers = advertised.Select(a => IPAddress.TryParse(a, out var number) ? number : null).ToList();
        if (numbers.Contains(null))
            yield return $"Sip:AdvertisedAddress is '{settings.AdvertisedAddress}'; write the IP address that carriers send to, or leave it empty.";
        else if (numbers.DistinctBy(n => n!.AddressFamily).Count() < numbers.Count || (numbers.Count > 1 && settings.Address != "::"))
            yield return $"Sip:AdvertisedAddress is '{settings.AdvertisedAddress}'; write one address, or with Sip:Address=:: one of IPv4 and one of IPv6.";
    }

    static IEnumerable<string> Ports(SipSettings settings)
    {
        if (settings.Port is < 0 or > 65535)
            yield return $"Sip:Port is {settings.Port}; write a UDP port from 1 to 65535, or 0 for a free one.";
        if (settings.TcpPort is < 0 or > 65535)
            yield return $"Sip:TcpPort is {settings.TcpPort}; write a TCP port from 1 to 65535, or 0 for the number in Sip:Port.";
        if (settings.TlsPort is < 0 or > 65535 || (settings.TlsPort == 0 && settings.Port == 65535))
            yield return $"Sip:TlsPort is {settings.TlsPort}; write a TLS port from 1 to 65535, or 0 for the number above Sip:Port.";
    }

    static IEnumerable<string> MutualTls(SipSettings settings)
    {
        var tls = settings.TlsPort > 0 ? settings.TlsPort : settings.Port + 1;
        if (settings.MutualTlsPort is < 0 or > 65535 || (settings.MutualTlsPort > 0 && settings.MutualTlsPort == tls))
            yield return $"Sip:MutualTlsPort is {settings.MutualTlsPort}; write a port from 1 to 65535 that is not that of Sip:TlsPort, {tls}, or 0 for none.";
        if (settings.MutualTlsPort > 0 && !settings.TransportNames.Contains("tls", StringComparer.OrdinalIgnoreCase))
            yield return $"Sip:MutualTlsPort is {settings.MutualTlsPort} though Sip:Transports is '{settings.Transports}'; add tls there, or write 0.";
        if (settings.MutualTlsPort > 0 && settings.RequireClientCertificate)
            yield return $"Sip:MutualTlsPort is {settings.MutualTlsPort} though Sip:RequireClientCertificate asks for certificates on every port; write 0, or false there.";
    }

    static IEnumerable<string> Transports(SipSettings settings)
    {
        var names = settings.TransportNames;
        if (names.Count == 0 || names.Any(name => !SipTransports.TryParse(name, out _)))
        {
            yield return $"Sip:Transports is '{settings.Transports}'; write one or more of udp, tcp and tls, such as udp,tcp.";
            yield break;
        }

        if (!settings.SpokenTransports.Contains(SipTransport.Tls)) yield break;
        if (settings.Certificate.Length == 0 || settings.CertificateKey.Length == 0)
            yield return "Sip:Transports has tls; write in Sip:Certificate and Sip:CertificateKey the PEM files of this silo's certificate and its key.";
    }

    static IEnumerable<string> Sessions(SipSettings settings)
    {
        if (settings.MinSessionExpires < TimeSpan.FromSeconds(90))
            yield return $"Sip:MinSessionExpires is {settings.MinSessionExpires}; write at least 00:01:30, the least that RFC 4028 allows.";
        if (settings.SessionExpires != TimeSpan.Zero && settings.SessionExpires < settings.MinSessionExpires)
            yield return $"Sip:SessionExpires is {settings.SessionExpires}; write at least Sip:MinSessionExpires, {settings.MinSessionExpires}, or 00:00:00 for none.";
        if (settings.ReliableProvisional.ToUpperInvariant() is not ("OFF" or "SUPPORTED" or "REQUIRED"))
            yield return $"Sip:ReliableProvisional is '{settings.ReliableProvisional}'; write off, supported or required.";
    }

    static IEnumerable<string> Answers(SipSettings settings)
    {
        if (settings.IncomingAnswer is < 400 or > 699)
            yield return $"Sip:IncomingAnswer is {settings.IncomingAnswer}; write the SIP status that an incoming call gets, from 400 to 699, such as 603, 480 or 404.";
        if (!(settings.StrangerRate is >= 0 and <= 1_000_000))
            yield return FormattableString.Invariant($"Sip:StrangerRate is {settings.StrangerRate}; write requests a second, such as 5, or 0 for any number.");
        if (settings.MaxConnections is < 1 or > 1_000_000)
            yield return $"Sip:MaxConnections is {settings.MaxConnections}; write the connections that peers may hold in all, 1 to 1000000.";
        if (settings.MaxConnectionsFromOne < 1 || settings.MaxConnectionsFromOne > settings.MaxConnections)
            yield return $"Sip:MaxConnectionsFromOne is {settings.MaxConnectionsFromOne}; "
                + $"write the connections that one address may hold, 1 to Sip:MaxConnections, {settings.MaxConnections}.";
        foreach (var server in settings.DnsServerNames.Where(server => !IPEndPoint.TryParse(server, out _)))
            yield return $"Sip:DnsServers has '{server}'; write the IP address of a name server, such as 192.0.2.53 or 192.0.2.53:5353.";
    }

    static IEnumerable<string> Certificates(SipSettings settings)
    {
        if (!settings.SpokenTransports.Contains(SipTransport.Tls)) yield break;
        string? wrong = null;
        try
        {
            Load(settings).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            wrong = e.Message;
        }

        if (wrong is not null)
            yield return $"Sip:Certificate, Sip:CertificateKey or Sip:TrustedCertificates cannot be used: {wrong} Write paths of PEM files that this program may read.";
    }

    internal static TlsIdentity Load(SipSettings settings) => TlsIdentity.Load(
        settings.Certificate, settings.CertificateKey, settings.TrustedCertificates.Length > 0 ? settings.TrustedCertificates : null, settings.RequireClientCertificate);
}
