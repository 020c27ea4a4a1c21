namespace OrleansCallback.Calls;

/// <summary>Where a callback stands. The last three are terminal. Wire form: snake case (<c>calling_member</c>).</summary>
[GenerateSerializer, Alias("CallStatus")]
public enum CallStatus
{
    /// <summary>To be rung at a later time.</summary>
    Scheduled,
    /// <summary>Waiting for a free channel.</summary>
    Queued,
    /// <summary>The payer's money is being held.</summary>
    Authorizing,
    /// <summary>Leg A is being rung.</summary>
    CallingMember,
    /// <summary>Leg A has answered and hears hold audio.</summary>
    MemberAnswered,
    /// <summary>Leg B is being rung, leg A hears hold audio.</summary>
    CallingMerchant,
    /// <summary>Member and merchant hear each other.</summary>
    Bridged,
    /// <summary>Ended after the bridge.</summary>
    Completed,
    /// <summary>Ended before the bridge, by anything but the member's wish.</summary>
    Failed,
    /// <summary>Ended before the bridge by the member's wish.</summary>
    Canceled,
}
