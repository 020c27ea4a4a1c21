namespace OrleansCallback.Calls;

/// <summary>How a callback ended: the one closed vocabulary of API, CDR, metrics and pages. Wire form: snake case.</summary>
[GenerateSerializer, Alias("CallOutcome")]
public enum CallOutcome
{
    /// <summary>Member and merchant were connected; why it ended stands in <see cref="EndReason"/>.</summary>
    Bridged,
    /// <summary>The member's phone was busy (486, 600).</summary>
    MemberBusy,
    /// <summary>The member did not answer within the ring limit (or 408, 480).</summary>
    MemberNoAnswer,
    /// <summary>The member declined (603 and the like).</summary>
    MemberDeclined,
    /// <summary>The merchant's phone was busy.</summary>
    MerchantBusy,
    /// <summary>The merchant did not answer within the ring limit.</summary>
    MerchantNoAnswer,
    /// <summary>The merchant declined.</summary>
    MerchantDeclined,
    /// <summary>The member's number cannot be reached (404, 410, 484, 604 and the like).</summary>
    MemberUnreachable,
    /// <summary>The merchant's number cannot be reached.</summary>
    MerchantUnreachable,
    /// <summary>The member hung up before the bridge.</summary>
    MemberHungUp,
    /// <summary>The member answered but did not confirm.</summary>
    MemberNotConfirmed,
    /// <summary>The merchant answered but did not confirm.</summary>
    MerchantNotConfirmed,
    /// <summary>The payer cannot pay for the smallest slice; nothing was rung.</summary>
    InsufficientFunds,
    /// <summary>The grant ended before the bridge.</summary>
    CreditExhausted,
    /// <summary>No rate for one of the numbers; nothing was rung.</summary>
    NoRate,
    /// <summary>The member or the number is in another live callback.</summary>
    AlreadyActive,
    /// <summary>The number may not be rung.</summary>
    DestinationBlocked,
    /// <summary>Outside the hours in which the merchant takes calls.</summary>
    OutsideHours,
    /// <summary>No trunk could carry a leg: no route, no owner, or the carrier failed (5xx, no response).</summary>
    TrunkUnavailable,
    /// <summary>No free channel or media port.</summary>
    NoCapacity,
    /// <summary>A silo that held a leg was lost before the bridge; not charged.</summary>
    SiloLost,
    /// <summary>The member canceled.</summary>
    CanceledByMember,
    /// <summary>A fault of ours.</summary>
    Internal,
}
