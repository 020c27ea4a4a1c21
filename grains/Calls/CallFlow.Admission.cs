using OrleansCallback.Rates;
using OrleansCallback.Wallets;
using static OrleansCallback.Calls.CallInput;

namespace OrleansCallback.Calls;

/// <summary>From the click to the hold.</summary>
public static partial class CallFlow
{
    static void Route(CallTurn turn, Place place)
    {
        turn.State = turn.State with
        {
            Phase = CallPhase.Routing,
            Request = place.Request,
            MerchantNumber = place.Merchant.Number,
            Wallet = place.Merchant.PayerWallet(place.Request.Caller),
            Payer = place.Merchant.Payer,
            Slice = place.Options.Slice,
            RenewWholeWhenLeft = GrantPolicy.WholeThreshold(place.Options.Slice, place.Options.RenewWhenLeft),
            RingLimitA = place.Options.RingLimitA,
            RingLimitB = place.Options.RingLimitB,
            Rates = place.Rates,
            CreatedAt = turn.Now,
            ResponseLimit = place.Options.ResponseLimit,
            MaxDuration = place.Options.MaxDuration,
            OneAtATime = place.Options.OneAtATime,
            MemberProven = place.MemberProven,
            Prompts = CallPrompts.Of(place.Options, place.Merchant.Prompts, place.Request.Language),
            A = place.RouteA.Count == 0 ? null : new LegState { Leg = CallLeg.A, Trunk = place.RouteA[0], Route = place.RouteA },
            B = place.RouteB.Count == 0 ? null : new LegState { Leg = CallLeg.B, Trunk = place.RouteB[0], Route = place.RouteB },
        };
        if (place.RouteA.Count == 0 || place.RouteB.Count == 0)
            Refuse(turn, CallOutcome.TrunkUnavailable);
        else if (place.Rates is null)
            Refuse(turn, CallOutcome.NoRate);
        else
            turn.Do(new CallEffect.FindOwner(CallLeg.A, place.RouteA[0], null));
    }

    static void RouteMember(CallTurn turn, OwnerFound found)
    {
        if (found.Offer is not { } offer)
        {
            if (!TryNextTrunk(turn, CallLeg.A)) Refuse(turn, NoWay(turn, CallLeg.A));
            return;
        }

        ComposeAttempt(turn, CallLeg.A, offer);
        turn.Do(new CallEffect.FindOwner(CallLeg.B, turn.State.Leg(CallLeg.B).Route[0], offer.Silo));
    }

    static void Authorize(CallTurn turn, OwnerFound found)
    {
        if (found.Offer is not null)
            turn.State = turn.State with { Phase = CallPhase.Authorizing, OfferB = found.Offer };
        else if (!TryNextTrunk(turn, CallLeg.B))
            Refuse(turn, NoWay(turn, CallLeg.B));
    }

    /// <summary>What is stored with the hold: the call as it is once the money is there.</summary>
    static CallState AsAdmitted(CallTurn turn)
    {
        var state = CallTurn.AddEvent(turn.State, new(1, turn.State.CreatedAt, CallStatus.Authorizing));
        return CallTurn.AddEvent(state, new(2, turn.Now, CallStatus.CallingMember)) with
        {
            Phase = CallPhase.CallingMember,
            HoldPlaced = true,
            SliceNumber = 1,
            Admitted = true,
            Revision = HoldRevision,
        };
    }

    static void TakeHold(CallTurn turn, HoldResult result)
    {
        switch (turn.Writing.InFlight?.Kind)
        {
            case CallWriteKind.Hold: TakeFirstHold(turn, result); break;
            case CallWriteKind.Extend: TakeExtension(turn, result); break;
            default: throw new InvalidOperationException($"Call {turn.State.Callback} in {turn.State.Phase} asked no wallet and was told {result}.");
        }
    }

    static void TakeFirstHold(CallTurn turn, HoldResult result)
    {
        switch (result.Result)
        {
            case WalletResult.Done:
                Held(turn, result);
                break;
            case WalletResult.InsufficientFunds or WalletResult.AlreadyActive:
                turn.Writing = turn.Writing with { InFlight = null };
                var why = result.Result == WalletResult.AlreadyActive ? CallOutcome.AlreadyActive : CallOutcome.InsufficientFunds;
                if (turn.State.Phase == CallPhase.Authorizing) Refuse(turn, why);
                break;
            case WalletResult.Unknown when turn.State.Phase == CallPhase.Authorizing && turn.Writing.Tries < CallLimits.MostTries:
                turn.Writing = turn.Writing with { InFlight = null, Tries = turn.Writing.Tries + 1 };
                break;
            default:
                RetryLater(turn);
                break;
        }
    }

    static void Held(CallTurn turn, HoldResult result)
    {
        var inFlight = turn.Writing.InFlight!;
        var admitted = turn.State.Phase == CallPhase.Authorizing;
        var state = (admitted ? inFlight.Snapshot : turn.State) with
        {
            HoldPlaced = true,
            SliceNumber = 1,
            Held = result.Held,
            Grant = result.Grant,
            Revision = HoldRevision,
            LastEvent = inFlight.Snapshot.LastEvent,
        };
        turn.State = state with { Writing = turn.Writing };
        Committed(turn, inFlight);
        if (admitted) DialMember(turn);
    }

    static void DialMember(CallTurn turn)
    {
        var leg = turn.State.Leg(CallLeg.A) with { Dialled = true };
        turn.Set(leg);
        turn.Do(new CallEffect.Dial(leg.Sent!));
    }

    /// <summary>Nothing rings, nothing is held: the refusal itself is stored.</summary>
    static void Refuse(CallTurn turn, CallOutcome outcome) =>
        EndAs(turn, CallStatus.Failed, outcome, new(null, null, outcome == CallOutcome.InsufficientFunds ? EndParty.Payer : EndParty.System));

    /// <summary>
    /// The member was told that it could not be decided. From here on nothing rings for this request: its refusal is stored, or the hold that
    /// came late is released, whichever the ledger took first.
    /// </summary>
    static void GiveUpAdmission(CallTurn turn) =>
        EndAs(turn, CallStatus.Failed, CallOutcome.Internal, new(null, null, EndParty.System));
}
