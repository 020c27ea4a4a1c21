namespace OrleansCallback.Sip;

/// <summary>
/// Digest authentication of one call: keeps the last challenge of each realm and puts credentials for all of them into every request,
/// since a proxy and the peer behind it may both ask (RFC 3261 section 22.3).
/// </summary>
sealed class DigestSession(Credentials? credentials, TokenSource tokens)
{
    /// <summary>The most realms that are answered in one call.</summary>
    const int MaxRealms = 8;

    readonly List<Answer> answers = [];

    sealed class Answer(HeaderId header, DigestChallenge challenge)
    {
        public HeaderId Header => header;
        public DigestChallenge Challenge { get; set; } = challenge;
        public int Count { get; set; }
    }

    /// <summary>
    /// Takes the challenges of a 401 or 407; a response may hold both kinds, of several realms (RFC 3261 section 22.3). False when there is
    /// none that can be answered, or when one comes again for a realm that this exchange has answered already: the credentials are wrong, and
    /// asking again would not end. A stale nonce is no refusal (RFC 7616 section 3.3): it is replaced once.
    /// </summary>
    public bool TryTake(SipMessage response, DigestExchange exchange)
    {
        if (credentials is null || !exchange.MayTryAgain) return false;
        var taken = false;
        foreach (var (asked, answered) in ((HeaderId, HeaderId)[])
            [(HeaderId.WwwAuthenticate, HeaderId.Authorization), (HeaderId.ProxyAuthenticate, HeaderId.ProxyAuthorization)])
        {
            foreach (var realm in DigestChallenge.ReadAll(response, asked).GroupBy(c => c.Realm, StringComparer.Ordinal))
            {
                // The strongest that we know (RFC 8760 section 2.4).
                var challenge = realm.MaxBy(c => c.Algorithm)!;
                if (!exchange.TryAnswer(answered, challenge)) return false;
                taken |= TryKeep(answered, challenge);
            }
        }
        return taken;
    }

    /// <summary>The credentials for one request. Each use of a nonce counts up (RFC 7616 section 3.4, nc).</summary>
    public IEnumerable<HeaderLine> Authorize(SipMethod method, string uri, ReadOnlyMemory<byte> body = default)
    {
        foreach (var answer in answers)
        {
            var subject = new DigestSubject(method.Text(), uri, body);
            var value = DigestResponse.Header(answer.Challenge, credentials!, subject, ++answer.Count, tokens.Next());
            yield return new HeaderLine(answer.Header, value);
        }
    }

    /// <summary>A 2xx may bring the nonce for the next request (RFC 7616 section 3.5, Authentication-Info).</summary>
    public void Learn(SipMessage response)
    {
        Learn(response, HeaderId.AuthenticationInfo, HeaderId.Authorization);
        Learn(response, HeaderId.ProxyAuthenticationInfo, HeaderId.ProxyAuthorization);
    }

    void Learn(SipMessage response, HeaderId field, HeaderId answered)
    {
        // The field names no realm: with several of one kind nobody can tell whose it is.
        if (answers.FindAll(a => a.Header == answered) is not [var only]) return;
        if (DigestParameters.Of(response, field, "nextnonce") is not { Length: > 0 } next || next == only.Challenge.Nonce) return;
        (only.Challenge, only.Count) = (only.Challenge with { Nonce = next }, 0);
    }

    bool TryKeep(HeaderId field, DigestChallenge challenge)
    {
        var known = answers.Find(a => a.Header == field && a.Challenge.Realm == challenge.Realm);
        if (known is null)
        {
            if (answers.Count == MaxRealms) return false;
            answers.Add(new Answer(field, challenge));
            return true;
        }
        if (known.Challenge.Nonce != challenge.Nonce) known.Count = 0;
        known.Challenge = challenge;
        return true;
    }
}

/// <summary>One request with its tries: which realms have been answered in it, and with which nonce.</summary>
sealed class DigestExchange
{
    /// <summary>The most tries of one request.</summary>
    const int MaxTries = 8;

    readonly Dictionary<(HeaderId, string), (string Nonce, bool Renewed)> answered = [];
    int tries = 1;

    public bool MayTryAgain => tries++ < MaxTries;

    /// <summary>A realm is answered once, and once more when its nonce was stale and a new one came.</summary>
    public bool TryAnswer(HeaderId field, DigestChallenge challenge)
    {
        var key = (field, challenge.Realm);
        if (answered.TryAdd(key, (challenge.Nonce, false))) return true;
        var (nonce, renewed) = answered[key];
        if (!challenge.Stale || renewed || nonce == challenge.Nonce) return false;
        answered[key] = (challenge.Nonce, true);
        return true;
    }
}
