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
    /// Takes the challenges of a 401 or 407. False when there is none that can be answered, or when one comes again for a realm that
    /// this exchange has answered already: the credentials are wrong, and asking again would not end (RFC 7616 section 3.3, stale).
    /// </summary>
    public bool TryTake(SipMessage response, DigestExchange exchange)
    {
        if (credentials is null || !exchange.MayTryAgain) return false;
        var (asked, answered) = response.StatusCode == 407
            ? (HeaderId.ProxyAuthenticate, HeaderId.ProxyAuthorization)
            : (HeaderId.WwwAuthenticate, HeaderId.Authorization);
        var taken = false;
        foreach (var realm in DigestChallenge.ReadAll(response, asked).GroupBy(c => c.Realm, StringComparer.Ordinal))
        {
            // The strongest first (RFC 8760 section 2.4 leaves the choice among the supported ones to the client).
            var challenge = realm.MaxBy(c => c.Algorithm)!;
            if (!exchange.TryAnswer(answered, challenge)) return false;
            taken |= TryKeep(answered, challenge);
        }
        return taken;
    }

    /// <summary>The credentials for one request. Each use of a nonce counts up (RFC 7616 section 3.4, nc).</summary>
    public IEnumerable<HeaderLine> Authorize(SipMethod method, string uri)
    {
        foreach (var answer in answers)
        {
            var value = DigestResponse.Header(answer.Challenge, credentials!, method.Text(), uri, ++answer.Count, tokens.Next());
            yield return new HeaderLine(answer.Header, value);
        }
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

/// <summary>One request with its tries: which realms have been answered in it.</summary>
sealed class DigestExchange
{
    /// <summary>The most tries of one request, however often the nonce turns out to be stale.</summary>
    const int MaxTries = 5;

    readonly HashSet<(HeaderId, string)> answered = [];
    int tries = 1;

    public bool MayTryAgain => tries++ < MaxTries;

    public bool TryAnswer(HeaderId field, DigestChallenge challenge) => answered.Add((field, challenge.Realm)) || challenge.Stale;
}
