namespace OrleansCallback.Calls;

/// <summary>Who or what ended a callback.</summary>
[GenerateSerializer, Alias("EndParty")]
public enum EndParty
{
    /// <summary>The member: hung up, declined, canceled.</summary>
    Member,
    /// <summary>The merchant.</summary>
    Merchant,
    /// <summary>The payer's money: the grant ended.</summary>
    Payer,
    /// <summary>The carrier of a trunk.</summary>
    Carrier,
    /// <summary>This system.</summary>
    System,
}

/// <summary>The cause of a callback's end as the network gave it.</summary>
/// <param name="SipCode">SIP status code of the final response, when one ended the call (RFC 3261 §21).</param>
/// <param name="Q850">Q.850 cause from a Reason header (RFC 3326), when the network gave one.</param>
/// <param name="Party">Who ended the call.</param>
/// <param name="Message">A sentence for people where the rest does not say it; null otherwise.</param>
[GenerateSerializer, Immutable, Alias("EndReason")]
public sealed record EndReason(
    [property: Id(0)] int? SipCode, [property: Id(1)] int? Q850, [property: Id(2)] EndParty? Party, [property: Id(3)] string? Message = null);
