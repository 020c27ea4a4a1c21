using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansCallback.Sip.Sandbox;

/// <summary>The proxy's side of digest authentication (RFC 7616 section 3, RFC 8760), written apart from the client's so that one proves the
/// other. A nonce belongs to one Call-ID and needs no table.</summary>
sealed partial class SandboxDigest(Credentials credentials, bool sha256)
{
    const string Realm = "sandbox";

    readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>The value of Proxy-Authenticate.</summary>
    public string Challenge(SipMessage request) =>
        $"Digest realm=\"{Realm}\", nonce=\"{Nonce(request)}\", algorithm={(sha256 ? "SHA-256" : "MD5")}, qop=\"auth\"";

    /// <summary>Whether the request proves the credentials.</summary>
    public bool IsProven(SipMessage request)
    {
        var header = Encoding.UTF8.GetString(request.Header(HeaderId.ProxyAuthorization));
        var said = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Parameter().Matches(header))
            said.TryAdd(match.Groups[1].Value, match.Groups[2].Success ? match.Groups[2].Value : match.Groups[3].Value);
        string Said(string name) => said.GetValueOrDefault(name, "");
        if (Said("username") != credentials.Username || Said("realm") != Realm || Said("nonce") != Nonce(request)
            || Said("uri") != Encoding.UTF8.GetString(request.RequestUri) || Said("qop") != "auth") return false;
        var user = Hash($"{credentials.Username}:{Realm}:{credentials.Password}");
        var what = Hash($"{request.MethodName}:{Said("uri")}");
        return Said("response") == Hash($"{user}:{Said("nonce")}:{Said("nc")}:{Said("cnonce")}:auth:{what}");
    }

    string Nonce(SipMessage request) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(request.CallId)).AsSpan(0, 16));

    [SuppressMessage("Security", "CA5351", Justification = "RFC 3261 makes MD5 the one algorithm that every peer has.")]
    string Hash(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Convert.ToHexStringLower(sha256 ? SHA256.HashData(bytes) : MD5.HashData(bytes));
    }

    [GeneratedRegex("""(\w+)=(?:"([^"]*)"|([^\s,]+))""")]
    private static partial Regex Parameter();
}
