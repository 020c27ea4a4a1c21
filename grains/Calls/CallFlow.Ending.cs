using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>From the first cause of the end to the settlement. No leg outlives its call: the terminal news of each is awaited.</summary>
public static partial class CallFlow
{
    /// <summary>The first cause counts; after it nothing is dialled or acknowledged any more.</summary>
    static void EndAs(CallTurn turn, CallStatus status, CallOutcome outcome, EndReason reason)
    {
        if (turn.State.End is null)
        {
            var bridged = turn.State.BridgedAt is not null;
            turn.State = turn.State with
            {
                End = bridged
                    ? new(CallStatus.Completed, CallOutcome.Bridged, reason, turn.Now)
                    : new(status, outcome, reason, turn.Now),
                Phase = CallPhase.Ending,
            };
            DropGated(turn);
            foreach (var leg in turn.State.Legs().Where(leg => leg.Live)) HangUp(turn, leg);
            if (turn.State.Legs().Any(leg => leg.Live)) turn.Do(new CallEffect.Wake(CallWake.HangUpAgain, CallLimits.HangUpAgain));
        }

        if (turn.State.Phase == CallPhase.Ending && !turn.State.Legs().Any(leg => leg.Live))
            turn.State = turn.State with { Phase = CallPhase.Settling };
    }

    static void HangUp(CallTurn turn, LegState leg)
    {
        turn.Do(new CallEffect.HangUp(leg, Farewell(turn.State, leg)));
        if (leg.AnsweredAt is null) turn.Do(AwaitNews(leg, LongestRing(turn, leg)));
    }

    /// <summary>A member who waits for a merchant that cannot be had is told so; whoever hangs up, or has no paid time left, is not.</summary>
    static Announcement? Farewell(CallState state, LegState leg) =>
        leg is { Leg: CallLeg.A, Talking: true } && state is { BridgedAt: null, End.Outcome: CallOutcome.MerchantBusy or CallOutcome.MerchantNoAnswer
            or CallOutcome.MerchantDeclined or CallOutcome.MerchantUnreachable or CallOutcome.MerchantNotConfirmed or CallOutcome.TrunkUnavailable
            or CallOutcome.NoCapacity or CallOutcome.SiloLost }
            ? state.Prompts.Farewell : null;

    static void DropGated(CallTurn turn)
    {
        var inFlight = turn.Writing.InFlight;
        var dropped = turn.Writing.Then.Concat(inFlight?.Then ?? []).OfType<CallEffect.Dial>();
        foreach (var leg in turn.State.Legs().Where(leg => dropped.Any(dial => dial.Attempt.Key == leg.Key)).ToList())
            turn.Set(leg with { Dialled = false });
        turn.Writing = turn.Writing with { Then = [], RenewalDue = null, InFlight = inFlight is null ? null : inFlight with { Then = [] } };
    }

    static void CancelByMember(CallTurn turn) =>
        EndAs(turn, CallStatus.Canceled, CallOutcome.CanceledByMember, new(null, null, EndParty.Member));

    static void TakeEnded(CallTurn turn, string key, LegEnded ended)
    {
        var leg = turn.State.Legs().First(leg => leg.Key == key).Leg;
        if (ended.End == LegEnd.GrantEnded && AtLongest(turn.State))
        {
            EndAs(turn, CallStatus.Failed, CallOutcome.MerchantNoAnswer, new(null, null, EndParty.System, LongestMessage(turn.State)));
            return;
        }

        if (turn.State.BridgedAt is not null)
        {
            EndAs(turn, CallStatus.Completed, CallOutcome.Bridged, LegOutcomes.AfterBridge(leg, ended));
            return;
        }

        if (FailOver(turn, turn.State.Leg(leg), ended)) return;
        var (outcome, reason) = BeforeBridge(turn, leg, ended);
        EndAs(turn, CallStatus.Failed, outcome, reason);
    }

    static void LoseSilo(CallTurn turn, string silo)
    {
        if (turn.State.OfferB?.Silo == silo) turn.State = turn.State with { OfferB = null };
        var lost = turn.State.Legs().Where(leg => leg.Live && leg.Silo == silo).ToList();
        foreach (var leg in lost) turn.Set(leg with { Over = true });
        if (lost.Count > 0)
            EndAs(turn, CallStatus.Failed, CallOutcome.SiloLost, new(null, null, EndParty.System));
        else
            turn.Ignore();
    }

    static void GiveUpLeg(CallTurn turn, CallInput.NoNews none)
    {
        if (turn.State.Legs().FirstOrDefault(leg => leg.Key == none.Key) is not { Live: true } leg || leg.LastNews > none.Since)
        {
            turn.Ignore();
            return;
        }

        // Should it be there after all, it is told to end all the same.
        turn.Do(new CallEffect.HangUp(leg, null));
        turn.Set(leg with { Over = true });
        EndAs(turn, CallStatus.Failed, CallOutcome.Internal, new(null, null, EndParty.System));
    }

    static void HangUpAgain(CallTurn turn)
    {
        if (turn.State.Phase != CallPhase.Ending)
        {
            turn.Ignore();
            return;
        }

        foreach (var leg in turn.State.Legs().Where(leg => leg.Live)) turn.Do(new CallEffect.HangUp(leg, Farewell(turn.State, leg)));
        Probe(turn);
        Save(turn);
        turn.Do(new CallEffect.Wake(CallWake.HangUpAgain, CallLimits.HangUpAgain));
    }

    /// <summary>An unanswered leg that its silo knows has told its end by then.</summary>
    static TimeSpan LongestRing(CallTurn turn, LegState leg) => RingLimit(turn, leg.Leg) + CallLimits.MissingLeg;

    static CallEffect.AwaitNews AwaitNews(LegState leg, TimeSpan limit) => new(leg.Key!, leg.LastNews, limit);

    /// <summary>
    /// What is stored with the settlement. A call that lost a silo before the bridge is free; otherwise the charge follows from the proven
    /// talk alone.
    /// </summary>
    static CallState AsSettled(CallTurn turn)
    {
        var end = turn.State.End ?? throw new InvalidOperationException($"Call {turn.State.Callback} settles without an end.");
        var charge = CallCharges.Of(turn.State);
        var state = CallTurn.AddEvent(
            turn.State, new(turn.State.LastEvent + 1, turn.Now, end.Status, end.Outcome, end.Reason, charge));
        return state with { Phase = CallPhase.Ended, Charge = charge };
    }

    static void Settled(CallTurn turn, CallWriteInFlight inFlight, WriteResult? result)
    {
        turn.State = inFlight.Snapshot with { Writing = turn.Writing };
        Committed(turn, inFlight);
        if (!turn.State.HoldPlaced) return;
        // Sequence 0: it is not known; the wallet reads itself anew.
        turn.Do(new CallEffect.TellWallet(turn.State.Wallet, new(
            turn.State.HoldId, result?.HeldAmount ?? turn.State.Held, turn.State.Charge!.Value, result?.WalletSequence ?? 0)));
    }

    /// <summary>Goes on from the stored state: what was to be done after the last write may not have been done, and may be repeated.</summary>
    static void Resume(CallTurn turn)
    {
        switch (turn.State.Phase)
        {
            case CallPhase.CallingMember or CallPhase.HoldingMember or CallPhase.CallingMerchant when turn.State.Legs().FirstOrDefault(leg => leg.Over) is { } over:
                // It was on its way to another trunk; whether somebody still waits for that is not known.
                EndWithLeg(turn, over);
                break;
            case CallPhase.HoldingMember or CallPhase.CallingMerchant:
                turn.Do(AcknowledgeMember(turn));
                break;
            case CallPhase.Bridging:
                turn.Do(AcknowledgeMerchant(turn));
                break;
            case CallPhase.CallingMember:
                // Whether it was dialled is not known, and it is not dialled now: nobody may be waiting for it any more.
                turn.Do(AwaitNews(turn.State.Leg(CallLeg.A), LongestRing(turn, turn.State.Leg(CallLeg.A))));
                break;
            case CallPhase.Bridged:
                Probe(turn);
                break;
            case CallPhase.Ending:
                HangUpAgain(turn);
                // Whether such a leg was ever dialled is not known: one that was not has nothing to tell.
                foreach (var leg in turn.State.Legs().Where(leg => leg is { Live: true, AnsweredAt: null })) turn.Do(AwaitNews(leg, LongestRing(turn, leg)));
                EndAs(turn, CallStatus.Failed, CallOutcome.Internal, new(null, null, EndParty.System));
                break;
            default:
                turn.Ignore();
                break;
        }
    }
}
