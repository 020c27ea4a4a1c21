using OrleansCallback.Terminals;
using OrleansCallback.Trunks;
using static OrleansCallback.Calls.CallInput;

namespace OrleansCallback.Calls;

/// <summary>
/// One attempt after another: the trunks of a route in their order, each durable before its INVITE. Another trunk is tried where this one
/// failed, never where a person or the number gave the answer, and never once a phone has rung.
/// </summary>
public static partial class CallFlow
{
    /// <summary>An owner for an attempt that is made while the call is up; the attempt is durable before it is dialled.</summary>
    static void DialOwner(CallTurn turn, OwnerFound found)
    {
        var wanted = turn.State.Phase == CallPhase.CallingMember ? CallLeg.A : CallLeg.B;
        var leg = turn.State.Leg(wanted);
        if (found.Leg != wanted || leg.Live || leg.Route.Count == 0 || found.Trunk != leg.Route[0] || leg.Attempt >= CallLimits.MostAttempts)
        {
            turn.Ignore();
            return;
        }

        if (found.Offer is not { } offer)
        {
            if (!TryNextTrunk(turn, wanted)) EndWithLeg(turn, leg);
            return;
        }

        ComposeAttempt(turn, wanted, offer);
        leg = turn.State.Leg(wanted) with { Dialled = true };
        turn.Set(leg);
        if (wanted == CallLeg.B && turn.State.Status == CallStatus.MemberAnswered) turn.Event(CallStatus.CallingMerchant);
        if (wanted == CallLeg.B) turn.State = turn.State with { Phase = CallPhase.CallingMerchant };
        turn.Then(new CallEffect.Dial(leg.Sent!));
    }

    static void TakeDialled(CallTurn turn, DialAnswered answered)
    {
        if (turn.State.Legs().FirstOrDefault(leg => leg.Key == answered.Key) is not { Live: true } leg)
        {
            turn.Ignore();
            return;
        }

        switch (answered.Result)
        {
            case DialResult.Dialled:
                break;
            case DialResult.NotOwner:
                turn.Set(leg with { Over = true });
                DialElsewhere(turn, leg);
                break;
            case DialResult.NoCapacity:
                turn.Set(leg with { Over = true, WasFull = true });
                DialElsewhere(turn, leg, fullSilo: leg.Silo);
                break;
            case DialResult.TrunkDown:
                turn.Set(leg with { Over = true });
                if (!TryNextTrunk(turn, leg.Leg)) EndUnplaced(turn, leg.Leg);
                break;
            default:
                // It may ring or not: it is hung up and never dialled again, so that it cannot ring twice.
                EndAs(turn, CallStatus.Failed, CallOutcome.TrunkUnavailable, new(null, null, EndParty.System));
                turn.Do(AwaitNews(leg, CallLimits.MissingLeg));
                break;
        }
    }

    /// <summary>The same trunk from another silo, which may have a channel left; a phone's flow is at one silo alone.</summary>
    static void DialElsewhere(CallTurn turn, LegState leg, string? fullSilo = null)
    {
        var another = fullSilo is null || !FlowRoute.Has(leg.Trunk);
        if (another && turn.State.End is null && leg.OnTrunk < CallLimits.MostOnTrunk && MayTryAgain(turn, leg))
            turn.Do(new CallEffect.FindOwner(leg.Leg, leg.Route[0], null, fullSilo));
        else if (!TryNextTrunk(turn, leg.Leg))
            EndUnplaced(turn, leg.Leg);
    }

    /// <summary>Nothing has taken the leg: for want of a channel if that was ever the reason.</summary>
    static void EndUnplaced(CallTurn turn, CallLeg leg) => EndAs(
        turn, CallStatus.Failed, turn.State.Leg(leg).WasFull ? CallOutcome.NoCapacity : NoWay(turn, leg), new(null, null, EndParty.System));

    /// <summary>What it is called when nothing carries a leg: a person whose phone is not registered cannot be reached.</summary>
    static CallOutcome NoWay(CallTurn turn, CallLeg leg) =>
        !FlowRoute.Has(turn.State.Leg(leg).Trunk) ? CallOutcome.TrunkUnavailable
        : leg == CallLeg.A ? CallOutcome.MemberUnreachable : CallOutcome.MerchantUnreachable;

    /// <summary>How a callback ends because of a leg's end before the bridge; a phone that does not answer at all is no fault of a trunk.</summary>
    static (CallOutcome Outcome, EndReason Reason) BeforeBridge(CallTurn turn, CallLeg leg, LegEnded ended)
    {
        var (outcome, reason) = LegOutcomes.BeforeBridge(leg, ended);
        return (outcome == CallOutcome.TrunkUnavailable ? NoWay(turn, leg) : outcome, reason);
    }

    /// <summary>The leg ended before its answer by a fault of the trunk: the next one is asked. False: the call ends.</summary>
    static bool FailOver(CallTurn turn, LegState leg, LegEnded ended)
    {
        var dialling = turn.State.Phase == (leg.Leg == CallLeg.A ? CallPhase.CallingMember : CallPhase.CallingMerchant);
        return dialling && leg.AnsweredAt is null && LegOutcomes.IsFaultOfTrunk(ended) && TryNextTrunk(turn, leg.Leg);
    }

    /// <summary>Asks for an owner of the next trunk. False: there is none, or no time or attempt left.</summary>
    static bool TryNextTrunk(CallTurn turn, CallLeg which)
    {
        var leg = turn.State.Leg(which);
        if (turn.State.End is not null || leg.Route.Count < 2 || !MayTryAgain(turn, leg)) return false;
        leg = leg with { Route = [.. leg.Route.Skip(1)], OnTrunk = 0 };
        turn.Set(leg);
        if (turn.State.HoldPlaced) turn.Change();
        turn.Do(new CallEffect.FindOwner(which, leg.Route[0], which == CallLeg.B ? turn.State.A?.Silo : null));
        return true;
    }

    static bool MayTryAgain(CallTurn turn, LegState leg)
    {
        var limit = RingLimit(turn, leg.Leg);
        var least = CallLimits.ShortestRing < limit / 2 ? CallLimits.ShortestRing : limit / 2;
        return leg.Attempt < CallLimits.MostAttempts && RingLeft(turn, leg) >= least;
    }

    /// <summary>No trunk is left: the last attempt's own end says why, if one was made.</summary>
    static void EndWithLeg(CallTurn turn, LegState leg)
    {
        if (leg.Ended is not { } ended)
        {
            EndUnplaced(turn, leg.Leg);
            return;
        }

        var (outcome, reason) = BeforeBridge(turn, leg.Leg, ended);
        EndAs(turn, CallStatus.Failed, outcome, reason);
    }

    static TimeSpan RingLimit(CallTurn turn, CallLeg leg) => leg == CallLeg.A ? turn.State.RingLimitA : turn.State.RingLimitB;

    static TimeSpan RingLeft(CallTurn turn, LegState leg) => RingLimit(turn, leg.Leg) - (turn.Now - (leg.FirstDialledAt ?? turn.Now));

    static void ComposeAttempt(CallTurn turn, CallLeg which, TrunkOffer offer)
    {
        var state = turn.State;
        var leg = state.Leg(which);
        var attempt = LegAttempts.Compose(new()
        {
            Site = state.Site,
            Callback = state.Callback,
            Secret = state.Secret,
            Leg = which,
            Attempt = leg.Attempt + 1,
            Trunk = leg.Route[0],
            Offer = offer,
            MemberNumber = state.Asked.MemberNumber,
            MemberProven = state.MemberProven,
            MerchantNumber = state.MerchantNumber ?? throw new InvalidOperationException($"Call {state.Callback} has no merchant number."),
            RingLimit = RingLeft(turn, leg),
            ResponseLimit = leg.Route.Count < 2 ? null : Shorter(state.ResponseLimit, RingLimit(turn, which) / 3),
        });
        if (leg is { Row: { } past } && state.HoldPlaced) turn.State = turn.State with { Past = turn.State.Past.Add(past) };
        turn.Set(new()
        {
            Leg = which,
            Trunk = attempt.Trunk,
            Route = leg.Route,
            OnTrunk = leg.OnTrunk + 1,
            WasFull = leg.WasFull,
            FirstDialledAt = leg.FirstDialledAt ?? turn.Now,
            Key = attempt.Key,
            Attempt = attempt.Attempt,
            Silo = attempt.Silo,
            DialledAt = turn.Now,
            Sent = attempt,
        });
    }

    static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
