namespace OrleansCallback.Sip;

/// <summary>What the credentials of a request prove.</summary>
public enum DigestVerdict
{
    /// <summary>The user is who the request says.</summary>
    Proven,
    /// <summary>There are no credentials for this realm: challenge.</summary>
    Missing,
    /// <summary>They cannot be read, do not fit the request, or leave out what protects against replay: challenge or 400.</summary>
    Malformed,
    /// <summary>Nobody has this name, or not with this algorithm.</summary>
    UnknownUser,
    /// <summary>The password is wrong.</summary>
    WrongPassword,
    /// <summary>The nonce is too old or none of ours; nothing is said of the password: challenge with stale=true (RFC 7616 section 3.3).</summary>
    Stale,
    /// <summary>This nonce count has been used before.</summary>
    Replayed,
}

/// <summary>The result of a verification by <see cref="DigestServer"/>.</summary>
/// <param name="Verdict">What is proven.</param>
/// <param name="Username">The name in the credentials; empty when there was none to read.</param>
public readonly record struct DigestCheck(DigestVerdict Verdict, string Username);
