using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace OrleansCallback.Sip.Net;

/// <summary>The domains that a certificate speaks for by URIs (RFC 5922 section 7.1): "sip:example.org", without a user.</summary>
static class SipDomains
{
    const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>uniformResourceIdentifier of GeneralName (RFC 5280 section 4.2.1.6).</summary>
    static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <summary>Empty when there are none; what cannot be read holds none.</summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        var domains = new List<string>();
        try
        {
            foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == SubjectAlternativeName))
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (names.PeekTag() != Uri) names.ReadEncodedValue();
                    else if (Domain(names.ReadCharacterString(UniversalTagNumber.IA5String, Uri)) is { } domain) domains.Add(domain);
                }
            }
        }
        catch (AsnContentException)
        {
            // The chain was good all the same: host names decide then, which the platform reads.
        }
        return domains;
    }

    static string? Domain(string uri) =>
        SipUri.TryParse(uri, out var sip) && sip.Scheme == "sip" && sip.User.Length == 0 ? sip.HostPort.Host.Trim('[', ']') : null;
}
