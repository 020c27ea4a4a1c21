using OrleansCallback.Terminals;

namespace OrleansCallback.Calls;

/// <summary>A call as the member sees it: only what is durable.</summary>
public static class CallViews
{
    /// <summary>The view of a state that is stored.</summary>
    public static CallbackView Of(CallState stored)
    {
        var ended = stored.Phase == CallPhase.Ended;
        return new()
        {
            Id = stored.Callback,
            Caller = stored.Asked.Caller,
            Merchant = stored.Asked.Merchant,
            MemberNumber = stored.Asked.OnTerminal || (stored.A is { } leg && FlowRoute.Has(leg.Trunk)) ? "terminal" : stored.Asked.MemberNumber.E164,
            Payer = stored.Payer,
            Status = stored.Status,
            Outcome = ended ? stored.End?.Outcome : null,
            EndReason = ended ? stored.End?.Reason : null,
            Charge = ended ? stored.Charge : null,
            CreatedAt = stored.CreatedAt,
            LastEvent = stored.LastEvent,
        };
    }
}
