using OrleansCallback.Rates;
using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>The grant: renewed while the legs are up.</summary>
public static partial class CallFlow
{
    static TimeSpan Elapsed(CallTurn turn)
    {
        var elapsed = turn.Now - (turn.State.A?.AnsweredAt ?? turn.Now);
        return elapsed > TimeSpan.Zero ? elapsed : TimeSpan.Zero;
    }

    static TimeSpan Left(CallTurn turn)
    {
        var left = turn.State.Grant - Elapsed(turn);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    static TimeSpan RenewWhenLeft(CallTurn turn) =>
        GrantPolicy.RenewWhenLeft(Left(turn), turn.State.Slice, turn.State.RenewWholeWhenLeft);

    static void RenewFor(CallTurn turn, string key, LegGrantLow low)
    {
        var state = turn.State;
        var elapsed = key == state.Leg(CallLeg.A).Key
            ? low.SinceAnswer
            : low.SinceAnswer + ((state.Leg(CallLeg.B).AnsweredAt - state.Leg(CallLeg.A).AnsweredAt) ?? TimeSpan.Zero);
        RenewFrom(turn, elapsed);
    }

    static void RenewNow(CallTurn turn)
    {
        if (turn.State.Phase is >= CallPhase.HoldingMember and <= CallPhase.Bridged)
            RenewFrom(turn, Elapsed(turn));
        else
            turn.Ignore();
    }

    /// <summary>Both legs ask; whoever comes second finds a grant that is long enough and gets that.</summary>
    static void RenewFrom(CallTurn turn, TimeSpan elapsed)
    {
        var state = turn.State;
        if (elapsed < TimeSpan.Zero) elapsed = TimeSpan.Zero;
        if (AtLongest(state) || GrantPolicy.IsWhole(state.Grant - elapsed, state.Slice, state.RenewWholeWhenLeft))
        {
            ExtendLegs(turn);
            return;
        }

        if (turn.Writing.InFlight?.Kind != CallWriteKind.Extend)
            turn.Writing = turn.Writing with { RenewalDue = elapsed };
    }

    /// <summary>The grant is as long as a call of this site may be: it is not lengthened any more, and the legs end by themselves.</summary>
    static bool AtLongest(CallState state) => state.MaxDuration > TimeSpan.Zero && state.Grant >= state.MaxDuration;

    static string LongestMessage(CallState state) =>
        FormattableString.Invariant($"The call reached the longest time that this site allows, {state.MaxDuration}.");

    static void TakeExtension(CallTurn turn, HoldResult result)
    {
        var inFlight = turn.Writing.InFlight!;
        switch (result.Result)
        {
            case WalletResult.Done:
                turn.State = turn.State with
                {
                    SliceNumber = inFlight.Snapshot.SliceNumber,
                    Held = result.Held,
                    Grant = result.Grant > turn.State.Grant ? result.Grant : turn.State.Grant,
                };
                Committed(turn, inFlight);
                ExtendLegs(turn);
                break;
            case WalletResult.InsufficientFunds:
                DropInFlight(turn);
                AskForMoneyLater(turn);
                break;
            default:
                RetryLater(turn);
                break;
        }
    }

    /// <summary>The payer may top up while the call goes on.</summary>
    static void AskForMoneyLater(CallTurn turn)
    {
        var wait = Left(turn) * 2 / 3;
        if (wait >= CallLimits.ShortestRenewal) turn.Do(new CallEffect.Wake(CallWake.Renew, wait));
    }

    static void ExtendLegs(CallTurn turn)
    {
        if (turn.State.End is not null) return;
        foreach (var leg in turn.State.Legs().Where(leg => leg.Talking)) turn.Do(ExtendLeg(turn, leg));
    }

    static CallEffect.ExtendLeg ExtendLeg(CallTurn turn, LegState leg) => new(leg, GrantOf(turn, leg.Leg));

    /// <summary>A leg's paid time. The member alone is told before it ends, unless it is the longest that a call may have.</summary>
    static LegGrant GrantOf(CallTurn turn, CallLeg leg)
    {
        var renewWhenLeft = RenewWhenLeft(turn);
        return leg == CallLeg.B
            ? new(turn.State.Grant, renewWhenLeft, Left(turn))
            : new(turn.State.Grant, renewWhenLeft, Warning: AtLongest(turn.State) ? null : turn.State.Prompts.Warning(renewWhenLeft));
    }

    /// <summary>
    /// Gives each leg that has answered the grant that it has: a silo that does not know the leg says so. One that has not answered ends at its
    /// ring limit.
    /// </summary>
    static void Probe(CallTurn turn)
    {
        foreach (var leg in turn.State.Legs().Where(leg => leg.Talking)) turn.Do(ExtendLeg(turn, leg));
    }
}
