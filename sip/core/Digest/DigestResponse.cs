using System.Globalization;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>What a request's digest is computed over (RFC 7616 section 3.4.3).</summary>
readonly record struct DigestSubject(string Method, string Uri, ReadOnlyMemory<byte> Body);

/// <summary>Computes the value of Authorization or Proxy-Authorization (RFC 7616 section 3.4, without qop RFC 2617 section 3.2.2.1).</summary>
static class DigestResponse
{
    public static string Compute(DigestChallenge challenge, Credentials credentials, DigestSubject subject, int nonceCount, string clientNonce) =>
        Compute(challenge, challenge.Algorithm.Hex($"{credentials.Username}:{challenge.Realm}:{credentials.Password}"), subject,
            nonceCount.ToString("x8", CultureInfo.InvariantCulture), clientNonce);

    /// <summary>The same from the hash of user, realm and password, which is all that a server has to keep.</summary>
    public static string Compute(DigestChallenge challenge, string secret, DigestSubject subject, string nonceCount, string clientNonce)
    {
        var algorithm = challenge.Algorithm;
        if (challenge.IsSession) secret = algorithm.Hex($"{secret}:{challenge.Nonce}:{clientNonce}");
        var request = $"{subject.Method}:{subject.Uri}";
        if (challenge.Protection == DigestProtection.AuthInt) request += $":{algorithm.Hex(subject.Body.Span)}";
        return challenge.Protection == DigestProtection.None
            ? algorithm.Hex($"{secret}:{challenge.Nonce}:{algorithm.Hex(request)}")
            : algorithm.Hex($"{secret}:{challenge.Nonce}:{nonceCount}:{clientNonce}:{Text(challenge.Protection)}:{algorithm.Hex(request)}");
    }

    public static string Header(DigestChallenge challenge, Credentials credentials, DigestSubject subject, int nonceCount, string clientNonce)
    {
        var response = Compute(challenge, credentials, subject, nonceCount, clientNonce);
        var text = new StringBuilder(256)
            .Append("Digest username=").Append(Grammar.Quote(credentials.Username))
            .Append(", realm=").Append(Grammar.Quote(challenge.Realm))
            .Append(", nonce=").Append(Grammar.Quote(challenge.Nonce))
            .Append(", uri=").Append(Grammar.Quote(subject.Uri))
            .Append(", response=\"").Append(response).Append('"');
        if (challenge.AlgorithmText is not null) text.Append(", algorithm=").Append(challenge.AlgorithmText);
        if (challenge.Opaque is not null) text.Append(", opaque=").Append(Grammar.Quote(challenge.Opaque));
        if (challenge.Protection != DigestProtection.None)
            text.Append(CultureInfo.InvariantCulture, $", qop={Text(challenge.Protection)}, nc={nonceCount:x8}, cnonce=\"{clientNonce}\"");
        else if (challenge.IsSession) text.Append(", cnonce=\"").Append(clientNonce).Append('"');
        return text.ToString();
    }

    static string Text(DigestProtection protection) => protection == DigestProtection.AuthInt ? "auth-int" : "auth";
}
