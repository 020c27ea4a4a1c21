namespace OrleansCallback.Trunks;

/// <summary>What a trunk can do, as one of its owners sees it. Wire form: snake case.</summary>
[GenerateSerializer, Alias("TrunkCondition")]
public enum TrunkCondition
{
    /// <summary>Takes calls.</summary>
    Up,
    /// <summary>The carrier said when to come back (503 with Retry-After): no call before.</summary>
    Resting,
    /// <summary>Failed too often in a row: no call before its pause is over or a probe was answered.</summary>
    Down,
    /// <summary>Down, and one call or OPTIONS is under way to find out.</summary>
    Probing,
    /// <summary>Has to be registered with the carrier and is not: no call.</summary>
    Unregistered,
}
