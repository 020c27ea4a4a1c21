namespace OrleansCallback.Sip;

/// <summary>An address that is to be kept registered (RFC 3261 section 10.2).</summary>
/// <param name="Key">The caller's name for it, which <see cref="RegistrationChanged"/> repeats.</param>
/// <param name="Registrar">The Request-URI: the registrar's domain, without a user (RFC 3261 section 10.2).</param>
/// <param name="AddressOfRecord">The URI in To and From.</param>
/// <param name="Contact">Our URI, with the host and port of <paramref name="SentBy"/>.</param>
/// <param name="SentBy">Host and port in Via.</param>
/// <param name="Target">Where it is sent, as in <see cref="InviteAttempt.Target"/>.</param>
/// <param name="Expires">How long a binding is asked for.</param>
/// <param name="Product">What stands in User-Agent; null for the user agent's own.</param>
public sealed record Registration(
    string Key, string Registrar, string AddressOfRecord, string Contact, string SentBy, string Target, TimeSpan Expires, string? Product = null);

/// <summary>How a registration of ours stands.</summary>
public enum RegistrationState
{
    /// <summary>The registrar holds our binding.</summary>
    Registered,
    /// <summary>It does not; it is tried again.</summary>
    Failed,
    /// <summary>Taken back; nothing more comes.</summary>
    Ended,
}

/// <summary>
/// What came of a try to register or to refresh, or that the binding lapsed. Still <see cref="RegistrationState.Registered"/> with a
/// <see cref="Code"/> of 300 and above: a refresh failed, and the binding before is good until it lapses.
/// </summary>
/// <param name="CallKey">The registration's key.</param>
/// <param name="State">How it stands now.</param>
/// <param name="Code">The last final response; 408 or 503 when <paramref name="Source"/> is not the peer; 0 when there was none.</param>
/// <param name="Source">Who said so.</param>
/// <param name="GoodFor">How long the binding is still good; zero when there is none.</param>
/// <param name="NextTry">When the next REGISTER goes out; null when none does.</param>
/// <param name="ServiceRoutes">The routes of requests under this registration (RFC 3608 section 6.1), as values of Route.</param>
public sealed record RegistrationChanged(
    string CallKey, RegistrationState State, int Code, RefusedBy Source, TimeSpan GoodFor, TimeSpan? NextTry, IReadOnlyList<string> ServiceRoutes)
    : CallEvent(CallKey);
