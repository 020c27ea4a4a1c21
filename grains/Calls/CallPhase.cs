namespace OrleansCallback.Calls;

/// <summary>What a call is doing; finer than <see cref="CallStatus"/>, which is what the member is told.</summary>
public enum CallPhase
{
    /// <summary>Nothing was asked for yet.</summary>
    New,
    /// <summary>Owners of both trunks are looked up.</summary>
    Routing,
    /// <summary>The first hold is on its way to the ledger.</summary>
    Authorizing,
    /// <summary>Leg A is rung.</summary>
    CallingMember,
    /// <summary>Leg A has answered; its answer is stored and acknowledged, and 1 pressed if it is asked to, before leg B is rung.</summary>
    HoldingMember,
    /// <summary>Leg B is rung.</summary>
    CallingMerchant,
    /// <summary>Leg B has answered; its answer is stored and acknowledged, it is told what it is to be told, then the legs are joined.</summary>
    Bridging,
    /// <summary>Member and merchant talk.</summary>
    Bridged,
    /// <summary>Both legs are told to end; their terminal news is awaited.</summary>
    Ending,
    /// <summary>No leg is left; the settlement is on its way to the ledger.</summary>
    Settling,
    /// <summary>Settled.</summary>
    Ended,
}
