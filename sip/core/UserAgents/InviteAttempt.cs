using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>
/// One attempt to ring a phone: all that its INVITE says and that a CANCEL from anybody, at any later time, has to copy. Plain strings
/// and numbers, so that it can be stored as JSON before the INVITE leaves.
/// </summary>
/// <param name="AttemptId">The caller's id of the attempt; also the call key of all commands and events. Must be unguessable, or have a <see cref="Secret"/>.</param>
/// <param name="Try">1, and one more each time the INVITE is sent anew, for example after a challenge. The branch depends on it.</param>
/// <param name="RequestUri">The Request-URI.</param>
/// <param name="CallId">Call-ID, the same in all tries.</param>
/// <param name="From">The whole From value with its tag.</param>
/// <param name="To">The whole To value, without a tag.</param>
/// <param name="CSeq">The INVITE's number in CSeq; one more with each try.</param>
/// <param name="Routes">Preloaded Route values in order; empty as a rule.</param>
/// <param name="SentBy">Host and port in Via.</param>
/// <param name="Contact">Our Contact URI.</param>
/// <param name="Target">
/// Where the INVITE is sent: "address:port", IPv6 in brackets, or the name of a host whose servers are located (RFC 3263), with
/// ";transport=tcp" or ";transport=tls" behind it for a stream; <see cref="Sip.Target.TryParse"/>.
/// </param>
/// <param name="AssertedIdentity">The value of P-Asserted-Identity (RFC 3325); null leaves it out.</param>
public sealed record InviteAttempt(
    string AttemptId,
    int Try,
    string RequestUri,
    string CallId,
    string From,
    string To,
    int CSeq,
    IReadOnlyList<string> Routes,
    string SentBy,
    string Contact,
    string Target,
    string? AssertedIdentity = null)
{
    /// <summary>
    /// A random text where the id itself can be guessed: the branch follows from it too, and Call-ID and From tag should. Who knew them could
    /// answer in the phone's place.
    /// </summary>
    public string Secret { get; init; } = "";

    /// <summary>The value of Privacy (RFC 3323), for example "id" to keep the asserted identity from the called phone; null leaves it out.</summary>
    public string? Privacy { get; init; }

    /// <summary>Further header lines of the INVITE, for example Diversion as it came; each must be allowed.</summary>
    public IReadOnlyList<ExtraHeader> ExtraHeaders { get; init; } = [];

    /// <summary>Reliable provisional responses (RFC 3262) in this call; null as <see cref="UserAgentOptions.Reliable"/> says.</summary>
    public ReliableProvisional? Reliable { get; init; }

    /// <summary>What stands in User-Agent; null for the user agent's own.</summary>
    public string? Product { get; init; }

    /// <summary>Whether the first response of any kind is raised as <see cref="Trying"/>.</summary>
    public bool TellsTrying { get; init; }

    /// <summary>The first try of an attempt.</summary>
    /// <param name="attemptId">An id that is unique for all time and cannot be guessed, such as one that holds a GUID.</param>
    /// <param name="from">The From URI: the caller ID that the trunk wants.</param>
    /// <param name="to">The URI to ring; it becomes Request-URI and To.</param>
    /// <param name="target">Where the INVITE is sent.</param>
    /// <param name="sentBy">Our own address as peers see it, "host:port".</param>
    /// <param name="displayName">The display name in From; null leaves it out.</param>
    /// <param name="assertedIdentity">A URI for P-Asserted-Identity; null leaves it out.</param>
    /// <param name="routes">Preloaded routes, each a URI; null for none.</param>
    /// <exception cref="ArgumentException">A URI is none, or <paramref name="sentBy"/> is no host and port.</exception>
    public static InviteAttempt Create(
        string attemptId, string from, string to, Hop target, string sentBy,
        string? displayName = null, string? assertedIdentity = null, IReadOnlyList<string>? routes = null)
    {
        if (!HostPort.TryParse(Encoding.UTF8.GetBytes(sentBy), out _)) throw new ArgumentException($"'{sentBy}' is no host:port", nameof(sentBy));
        return new InviteAttempt(
            attemptId,
            Try: 1,
            RequestUri: Uri(to, nameof(to)),
            CallId: Derive("call-id", attemptId, 32),
            From: new NameAddress(displayName ?? "", Uri(from, nameof(from)), SipParameters.None.With("tag", Derive("from-tag", attemptId, 20))).ToString(),
            To: $"<{to}>",
            CSeq: 1,
            Routes: [.. (routes ?? []).Select(r => $"<{Uri(r, nameof(routes))}>")],
            SentBy: sentBy,
            Contact: $"sip:{sentBy}",
            Target: target.ToString(),
            AssertedIdentity: assertedIdentity is null ? null : $"<{Uri(assertedIdentity, nameof(assertedIdentity))}>");
    }

    /// <summary>The same attempt sent anew: the next CSeq, another branch.</summary>
    public InviteAttempt NextTry() => this with { Try = Try + 1, CSeq = CSeq + 1 };

    /// <summary>The branch of this try: the same for whoever computes it.</summary>
    public string Branch() =>
        Via.MagicCookie + Derive("branch", string.Create(CultureInfo.InvariantCulture, $"{AttemptId}\n{Secret}\n{Try}"), 32);

    static string Uri(string uri, string name) =>
        SipUri.TryParse(uri, out _) ? uri : throw new ArgumentException($"'{uri}' is no SIP URI", name);

    static string Derive(string purpose, string id, int digits) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}\n{id}")))[..digits];
}
