using OrleansCallback.Rates;
using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>What a call costs and its record.</summary>
public static class CallCharges
{
    /// <summary>The charge by proven talk. A call that lost a silo before the bridge is free, and one that never held has nothing to charge.</summary>
    public static Charge Of(CallState state) =>
        state is { HoldPlaced: true, Rates: { } rates } && state.End?.Outcome != CallOutcome.SiloLost
            ? Used(state, rates).For(state.A?.Talk, state.B?.Talk, state.Held)
            : Charge.None;

    /// <summary>The settlement of a call that has ended.</summary>
    public static Settlement Settle(CallState state)
    {
        var charge = Of(state);
        var end = state.End ?? throw new InvalidOperationException($"Call {state.Callback} settles in {state.Phase} without an end.");
        var used = state.Rates is { } rates ? Used(state, rates) : null;
        return new(state.HoldPlaced ? state.HoldId : null, state.Wallet, charge.Total, new()
        {
            Callback = state.Callback,
            Merchant = state.Asked.Merchant,
            Wallet = state.Wallet,
            Outcome = end.Outcome,
            EndReason = end.Reason,
            RateVersion = state.Rates?.Version ?? "none",
            LegA = Record(state.A, used?.LegA, charge.LegA),
            LegB = Record(state.B, used?.LegB, charge.LegB),
            Charge = charge.Total,
            Held = state.Held,
            CreatedAt = state.CreatedAt,
            EndedAt = end.At,
        });
    }

    static RateCard Used(CallState state, RateCard rates) => rates.Over(state.A?.Trunk, state.B?.Trunk);

    static CdrLeg? Record(LegState? leg, Money? rate, Money price) =>
        leg is { Dialled: true, Silo: { } silo }
            ? new(leg.Trunk, silo, leg.DialledAt, leg.AnsweredAt, leg.Ended?.At, leg.Talk, leg.Ended?.End, leg.Ended?.SipCode, leg.Ended?.Q850,
                leg.Ended?.PacketsIn ?? 0, leg.Ended?.PacketsOut ?? 0, rate ?? Money.Zero, price)
            : null;
}
