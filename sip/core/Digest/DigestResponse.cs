using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>Computes the value of Authorization or Proxy-Authorization (RFC 7616 section 3.4, without qop RFC 2617 section 3.2.2.1).</summary>
static class DigestResponse
{
    public static string Compute(
        DigestChallenge challenge, Credentials credentials, string method, string uri, int nonceCount, string clientNonce)
    {
        string Hash(string text) => HashHex(challenge.Algorithm, text);
        var nc = nonceCount.ToString("x8", CultureInfo.InvariantCulture);
        var secret = Hash($"{credentials.Username}:{challenge.Realm}:{credentials.Password}");
        if (challenge.IsSession) secret = Hash($"{secret}:{challenge.Nonce}:{clientNonce}");
        var request = Hash($"{method}:{uri}");
        return challenge.HasQop
            ? Hash($"{secret}:{challenge.Nonce}:{nc}:{clientNonce}:auth:{request}")
            : Hash($"{secret}:{challenge.Nonce}:{request}");
    }

    public static string Header(
        DigestChallenge challenge, Credentials credentials, string method, string uri, int nonceCount, string clientNonce)
    {
        var response = Compute(challenge, credentials, method, uri, nonceCount, clientNonce);
        var text = new StringBuilder(256)
            .Append("Digest username=").Append(Grammar.Quote(credentials.Username))
            .Append(", realm=").Append(Grammar.Quote(challenge.Realm))
            .Append(", nonce=").Append(Grammar.Quote(challenge.Nonce))
            .Append(", uri=").Append(Grammar.Quote(uri))
            .Append(", response=\"").Append(response).Append('"');
        if (challenge.AlgorithmText is not null) text.Append(", algorithm=").Append(challenge.AlgorithmText);
        if (challenge.Opaque is not null) text.Append(", opaque=").Append(Grammar.Quote(challenge.Opaque));
        if (challenge.HasQop) text.Append(CultureInfo.InvariantCulture, $", qop=auth, nc={nonceCount:x8}, cnonce=\"{clientNonce}\"");
        else if (challenge.IsSession) text.Append(", cnonce=\"").Append(clientNonce).Append('"');
        return text.ToString();
    }

    [SuppressMessage("Security", "CA5351", Justification = "RFC 3261 makes MD5 the one algorithm that every peer has; SHA-256 is taken when offered.")]
    static string HashHex(DigestAlgorithm algorithm, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Convert.ToHexStringLower(algorithm == DigestAlgorithm.Md5 ? MD5.HashData(bytes) : SHA256.HashData(bytes));
    }
}
