using System.Security.Cryptography;
using System.Text;
using OrleansCallback.Trunks;

namespace OrleansCallback.Calls;

/// <summary>What an attempt is composed of.</summary>
public sealed record AttemptParts
{
    /// <summary>The tenant.</summary>
    public required string Site { get; init; }

    /// <summary>The callback.</summary>
    public required string Callback { get; init; }

    /// <summary>The call's secret.</summary>
    public required string Secret { get; init; }

    /// <summary>Which leg.</summary>
    public required CallLeg Leg { get; init; }

    /// <summary>Number of the attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The trunk.</summary>
    public required string Trunk { get; init; }

    /// <summary>The owner's offer.</summary>
    public required TrunkOffer Offer { get; init; }

    /// <summary>The number of leg A.</summary>
    public required PhoneNumber MemberNumber { get; init; }

    /// <summary>It is the member's and proven: it may be shown to the merchant.</summary>
    public required bool MemberProven { get; init; }

    /// <summary>The number of leg B.</summary>
    public required PhoneNumber MerchantNumber { get; init; }

    /// <summary>How long it may ring.</summary>
    public required TimeSpan RingLimit { get; init; }

    /// <summary>How long nothing may be answered.</summary>
    public TimeSpan? ResponseLimit { get; init; }
}

/// <summary>
/// Composes attempts. Call-ID and tags derive from the call's secret and the attempt's key: two activations that compose the same attempt make
/// the same one, what a CANCEL must copy (RFC 3261 §9.1) can be made again from the row alone, and who knows the callback's id knows nothing of
/// what is on the wire: he could answer in the phone's place.
/// </summary>
public static class LegAttempts
{
    const string Anonymous = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";

    static readonly TrunkStyle Plain = new("e164", CallerIdFrom.Site, false, "");

    /// <summary>The attempt of a leg over an owner's trunk.</summary>
    public static LegAttempt Compose(AttemptParts parts)
    {
        var (offer, style) = (parts.Offer, parts.Offer.Style ?? Plain);
        var key = offer.Phone is null
            ? GrainKeys.Leg(parts.Site, parts.Trunk, parts.Callback, parts.Leg, parts.Attempt)
            : GrainKeys.FlowLeg(parts.Site, offer.Silo, parts.Callback, parts.Leg, parts.Attempt);
        var secret = Derive("attempt", $"{parts.Secret}\n{key}", 16);
        var format = NumberFormat.TryParse(style.NumberFormat, out var parsed) ? parsed : NumberFormat.E164;
        var number = parts.Leg == CallLeg.A ? parts.MemberNumber : parts.MerchantNumber;
        var to = $"sip:{offer.Phone?.Account ?? format.Write(number)}@{offer.Domain}";
        var showsMember = parts.Leg == CallLeg.B && style is { CallerIdFrom: CallerIdFrom.Member, Privacy.Length: 0 }
            && parts.MemberProven && parts.MemberNumber != number;
        var identity = CallerId(parts, style.CallerIdOn(parts.Leg), number) is { Length: > 0 } shown ? $"<sip:{Written(shown, format)}@{offer.Domain}>" : null;
        return new()
        {
            Key = key,
            Secret = secret,
            Callback = parts.Callback,
            Leg = parts.Leg,
            Attempt = parts.Attempt,
            Trunk = parts.Trunk,
            Silo = offer.Silo,
            Number = number,
            RequestUri = offer.Phone?.Contact ?? to,
            CallId = Derive("call-id", secret, 16),
            From = $"{(style.Privacy.Length > 0 ? Anonymous : identity ?? Anonymous)};tag={Derive("tag", secret, 8)}",
            To = $"<{to}>",
            Contact = $"sip:{Derive("contact", secret, 8)}@{offer.SentBy}",
            SentBy = offer.SentBy,
            Target = offer.Target,
            CSeq = 1,
            RingLimit = parts.RingLimit,
            AssertedIdentity = style.AssertedIdentity ? identity : null,
            ResponseLimit = parts.ResponseLimit,
            ShowsMember = showsMember,
        };
    }

    /// <summary>Whose number is shown: never an unproven one, and nobody is called from the own number.</summary>
    static string CallerId(AttemptParts parts, CallerIdFrom from, PhoneNumber rung)
    {
        PhoneNumber? wanted = from switch
        {
            CallerIdFrom.Merchant => parts.MerchantNumber,
            CallerIdFrom.Member when parts.MemberProven => parts.MemberNumber,
            _ => null,
        };
        return wanted is { } number && number != rung ? number.E164 : parts.Offer.CallerId;
    }

    static string Written(string callerId, NumberFormat format) =>
        callerId[0] == '+' && callerId.Length is >= 5 and <= 16 ? format.Write(PhoneNumber.FromE164(callerId)) : callerId;

    static string Derive(string what, string from, int bytes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{from}")).AsSpan(0, bytes));
}
