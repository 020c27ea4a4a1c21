using System.Security.Cryptography;
using System.Text;
using OrleansCallback.Trunks;

namespace OrleansCallback.Calls;

/// <summary>
/// Composes attempts. Call-ID and tags derive from the attempt's key, never from chance: what a CANCEL must copy (RFC 3261 §9.1) can be
/// made again from the row alone, and two activations that compose the same attempt make the same one.
/// </summary>
public static class LegAttempts
{
    /// <summary>The attempt of a leg over an owner's trunk.</summary>
    public static LegAttempt Compose(
        string site, string callback, CallLeg leg, int attempt, string trunk, TrunkOffer offer, PhoneNumber number, TimeSpan ringLimit)
    {
        var key = GrainKeys.Leg(site, trunk, callback, leg, attempt);
        var to = $"sip:{number.E164}@{offer.Domain}";
        return new()
        {
            Key = key,
            Callback = callback,
            Leg = leg,
            Attempt = attempt,
            Trunk = trunk,
            Silo = offer.Silo,
            Number = number,
            RequestUri = to,
            CallId = Derive("call-id", key, 16),
            From = $"<sip:{offer.CallerId}@{offer.Domain}>;tag={Derive("tag", key, 8)}",
            To = $"<{to}>",
            Contact = $"sip:{Derive("contact", key, 8)}@{offer.SentBy}",
            SentBy = offer.SentBy,
            Target = offer.Target,
            CSeq = 1,
            RingLimit = ringLimit,
        };
    }

    static string Derive(string what, string key, int bytes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{key}")).AsSpan(0, bytes));
}
