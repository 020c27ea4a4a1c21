using OrleansCallback.Wallets;
using static OrleansCallback.Calls.CallInput;

namespace OrleansCallback.Calls;

/// <summary>
/// The call: (state, input, now) → state and effects. The happy path goes down the page. Late and repeated inputs change nothing and are
/// counted; impossible ones throw. Its parts stand in the files beside it: admission, legs, money, ending, writing.
/// </summary>
public static partial class CallFlow
{
    /// <summary>Takes one input.</summary>
    public static CallDecision Decide(CallState state, CallInput input, DateTimeOffset now)
    {
        var turn = new CallTurn(state, now);
        if (input is News news && !TakeNews(turn, news))
            turn.Ignore();
        else
            Step(turn, input);
        WriteNext(turn);
        return turn.Decision();
    }

    static void Step(CallTurn turn, CallInput input)
    {
        switch (turn.State.Phase, input)
        {
            case (CallPhase.New, Place place): Route(turn, place); break;
            case (CallPhase.Routing, OwnerFound { Leg: CallLeg.A } found): RouteMember(turn, found); break;
            case (CallPhase.Routing, OwnerFound { Leg: CallLeg.B } found): Authorize(turn, found); break;
            case (_, HoldAnswered answered): TakeHold(turn, answered.Result); break;
            case (_, News { What: LegRinging }): break;
            case (CallPhase.CallingMember, News { What: LegAnswered }): HoldMember(turn); break;
            case (CallPhase.HoldingMember or CallPhase.CallingMerchant, LegTold { Command: LegCommand.Acknowledge, Result: LegCommandResult.Done }):
                CallMerchant(turn);
                break;
            case (CallPhase.HoldingMember, News { What: LegAnnounced told } news) when IsOf(turn, CallLeg.A, news): HearMember(turn, told); break;
            case (CallPhase.HoldingMember or CallPhase.CallingMember or CallPhase.CallingMerchant, OwnerFound found): DialOwner(turn, found); break;
            case (_, DialAnswered answered): TakeDialled(turn, answered); break;
            case (CallPhase.CallingMerchant, News { What: LegAnswered }): AcceptMerchant(turn); break;
            case (CallPhase.Bridging, LegTold { Command: LegCommand.Acknowledge, Result: LegCommandResult.Done } told): Join(turn, told); break;
            case (CallPhase.Bridging, News { What: LegAnnounced told } news) when IsOf(turn, CallLeg.B, news): HearMerchant(turn, told); break;
            case (CallPhase.Bridging, LegTold { Command: LegCommand.Bridge, Result: LegCommandResult.Done }): Bridged(turn); break;
            case (>= CallPhase.HoldingMember and <= CallPhase.Bridged, News { What: LegGrantLow low } news): RenewFor(turn, news.Key, low); break;
            case (_, News { What: LegEnded ended } news): TakeEnded(turn, news.Key, ended); break;
            case (_, Written written): TakeWritten(turn, written.Result); break;

            case (>= CallPhase.Routing and <= CallPhase.Authorizing, AdmissionOver): GiveUpAdmission(turn); break;
            case (>= CallPhase.Routing and <= CallPhase.Bridged, Cancel): CancelByMember(turn); break;
            case (>= CallPhase.CallingMember and <= CallPhase.Ending, SiloLost lost): LoseSilo(turn, lost.Silo); break;
            case (_, LegTold told): TakeTold(turn, told); break;
            case (_, Reconciled reconciled): TakeReconciled(turn, reconciled); break;
            case (_, Resumed): Resume(turn); break;
            case (_, Swept): Probe(turn); break;
            case (_, NoNews none): GiveUpLeg(turn, none); break;
            case (_, Woken woken): Wake(turn, woken.Wake); break;
            default: IgnoreLate(turn, input); break;
        }
    }

    static void Wake(CallTurn turn, CallWake wake)
    {
        switch (wake)
        {
            case CallWake.Retry: Retry(turn); break;
            case CallWake.HangUpAgain: HangUpAgain(turn); break;
            case CallWake.Renew: RenewNow(turn); break;
            case CallWake.JoinAgain: JoinAgain(turn); break;
            default: throw new InvalidOperationException($"Call {turn.State.Callback} was woken for {wake}.");
        }
    }

    /// <summary>What a call may hear that no longer or not yet concerns it; anything else is a fault in the shell.</summary>
    static void IgnoreLate(CallTurn turn, CallInput input)
    {
        if (turn.State.Phase == CallPhase.New && input is not (Cancel or AdmissionOver or SiloLost))
            throw new InvalidOperationException($"Call {turn.State.Callback} has not begun and was told {input.GetType().Name}.");
        turn.Ignore();
    }
}
