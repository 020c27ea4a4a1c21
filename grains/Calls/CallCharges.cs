using OrleansCallback.Rates;
using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>What a call costs and its record.</summary>
public static class CallCharges
{
    /// <summary>The charge by what is proven. A call that lost a silo before the bridge is free; one that never held has nothing to charge.</summary>
    public static Money Of(CallState state) =>
        (Price(state, state.A)?.Total ?? Money.Zero) + (Price(state, state.B)?.Total ?? Money.Zero);

    /// <summary>The settlement of a call that has ended.</summary>
    public static Settlement Settle(CallState state)
    {
        var charge = Of(state);
        var end = state.End ?? throw new InvalidOperationException($"Call {state.Callback} settles in {state.Phase} without an end.");
        return new(state.HoldPlaced ? state.HoldId : null, state.Wallet, charge, new()
        {
            Callback = state.Callback,
            Merchant = state.Asked.Merchant,
            Wallet = state.Wallet,
            Outcome = end.Outcome,
            EndReason = end.Reason,
            RateVersion = state.Rates?.Versions ?? "none",
            LegA = Record(state, state.A),
            LegB = Record(state, state.B),
            Charge = charge,
            Held = state.Held,
            CreatedAt = state.CreatedAt,
            EndedAt = end.At,
        });
    }

    /// <summary>
    /// A leg's price by the rate of the trunk that carried it. Talk counts up to the grant, whose worst price is held: so a charge is never more
    /// than what is held for it, however late a hang-up took effect.
    /// </summary>
    static LegPrice? Price(CallState state, LegState? leg) =>
        state is { HoldPlaced: true, Rates: { } rates } && leg is { Dialled: true } && state.End?.Outcome != CallOutcome.SiloLost
            ? Pricing.Of(rates.Of(leg.Leg, leg.Trunk), leg.Talk is { } talk && talk > state.Grant ? state.Grant : leg.Talk, Attempted(leg))
            : null;

    /// <summary>The carrier took it on: it answered for the person or the number, or the phone rang until the attempt was given up.</summary>
    static bool Attempted(LegState leg) => leg is { AnsweredAt: null, Ended: { } ended } && !LegOutcomes.IsFaultOfTrunk(ended)
        && (ended.End is LegEnd.Refused or LegEnd.NoAnswer || ended is { End: LegEnd.HungUp, Rang: true });

    static CdrLeg? Record(CallState state, LegState? leg)
    {
        if (leg is not { Dialled: true, Silo: { } silo }) return null;
        var price = Price(state, leg);
        return new(leg.Trunk, silo, leg.DialledAt, leg.AnsweredAt, leg.Ended?.At, leg.Talk, leg.Ended?.End, leg.Ended?.SipCode, leg.Ended?.Q850,
            leg.Ended?.PacketsIn ?? 0, leg.Ended?.PacketsOut ?? 0, price?.Total ?? Money.Zero, price);
    }
}
