using OrleansCallback.Rates;
using OrleansCallback.Wallets;
using static OrleansCallback.Calls.CallInput;

namespace OrleansCallback.Calls;

/// <summary>
/// One write at a time. While the database is away the call goes on in memory and what it changed goes out with the next write that
/// succeeds; a write of unknown outcome is looked into before another leaves.
/// </summary>
public static partial class CallFlow
{
    /// <summary>The hold's write is the first of a call.</summary>
    const int HoldRevision = 1;

    /// <summary>
    /// A write that is made again keeps its number: the refusal of a call without a row has no version to be fenced by, and whichever of its
    /// tries became durable is the one.
    /// </summary>
    static int NextRevision(CallWriting writing) => Math.Max(writing.Durable, HoldRevision) + 1;

    static void WriteNext(CallTurn turn)
    {
        var (state, writing) = (turn.State, turn.Writing);
        if (writing.InFlight is not null) return;
        if (state.Phase == CallPhase.Authorizing)
            Write(turn, CallWriteKind.Hold, AsAdmitted(turn));
        else if (state.Phase == CallPhase.Settling)
            Write(turn, CallWriteKind.Settle, AsSettled(turn) with { Revision = NextRevision(writing) });
        else if (state.HoldPlaced && state.Live && writing.RenewalDue is not null)
            Write(turn, CallWriteKind.Extend, state with { Revision = NextRevision(writing), SliceNumber = state.SliceNumber + 1 });
        else if (state.HoldPlaced && state.Live && state.Phase != CallPhase.Ending)
            Save(turn);
    }

    /// <summary>While the legs end this waits: the settlement, moments later, carries it all.</summary>
    static void Save(CallTurn turn)
    {
        if (turn.Writing is { InFlight: null, Changed: true })
            Write(turn, CallWriteKind.Save, turn.State with { Revision = NextRevision(turn.Writing) });
    }

    static void Write(CallTurn turn, CallWriteKind kind, CallState snapshot)
    {
        var gated = kind == CallWriteKind.Hold ? [] : turn.Writing.Then;
        var inFlight = new CallWriteInFlight(kind, snapshot, gated);
        turn.Writing = turn.Writing with { InFlight = inFlight, Then = [], Changed = false };
        turn.Do(new CallEffect.Write(inFlight));
    }

    static void TakeWritten(CallTurn turn, WriteResult result)
    {
        if (turn.Writing.InFlight is not { Kind: CallWriteKind.Save or CallWriteKind.Settle } inFlight)
            throw new InvalidOperationException($"Call {turn.State.Callback} in {turn.State.Phase} wrote nothing and was told {result}.");
        switch (result.Outcome)
        {
            case WriteOutcome.Committed when inFlight.Kind == CallWriteKind.Settle: Settled(turn, inFlight, result); break;
            case WriteOutcome.Committed: Committed(turn, inFlight); break;
            case WriteOutcome.CallFenced: turn.Do(new CallEffect.Stop("another activation has written this call")); break;
            default: RetryLater(turn); break;
        }
    }

    /// <summary>What the write carried is durable: its events may be seen, its news need not be told again, what waited for it is done.</summary>
    static void Committed(CallTurn turn, CallWriteInFlight inFlight)
    {
        foreach (var stored in inFlight.Snapshot.Legs())
        {
            var leg = turn.State.Leg(stored.Leg);
            if (leg.Key == stored.Key) turn.Set(leg with { Stored = stored.Row, DurableNews = Math.Max(leg.DurableNews, stored.LastNews) });
        }

        turn.Writing = turn.Writing with
        {
            Version = inFlight.KnownDurable ? turn.Writing.Version : turn.Writing.Version + 1,
            Durable = inFlight.Snapshot.Revision,
            Events = turn.Writing.Events.RemoveAll(step => step.Number <= inFlight.Snapshot.LastEvent),
            RenewalDue = inFlight.Kind == CallWriteKind.Extend ? null : turn.Writing.RenewalDue,
            InFlight = null,
            Tries = 0,
        };
        turn.State = turn.State with { Past = turn.State.Past.RemoveAll(inFlight.Snapshot.Past.Contains) };
        turn.Do(inFlight.Then);
    }

    static void RetryLater(CallTurn turn)
    {
        var wait = CallLimits.FirstRetry * Math.Pow(2, Math.Min(turn.Writing.Tries, 10));
        turn.Writing = turn.Writing with { Tries = turn.Writing.Tries + 1 };
        turn.Do(new CallEffect.Wake(CallWake.Retry, wait < CallLimits.LongestRetry ? wait : CallLimits.LongestRetry));
    }

    static void Retry(CallTurn turn)
    {
        if (turn.Writing.InFlight is null)
            turn.Ignore();
        else
            turn.Do(new CallEffect.Reconcile());
    }

    static void TakeReconciled(CallTurn turn, Reconciled stored)
    {
        if (turn.Writing.InFlight is not { } inFlight)
            throw new InvalidOperationException($"Call {turn.State.Callback} in {turn.State.Phase} looked into no write.");
        if (!stored.Read)
        {
            RetryLater(turn);
            return;
        }

        turn.Writing = turn.Writing with { Version = stored.Version };
        var mine = stored.Writer == turn.State.Writer;
        if (mine && stored.Revision == inFlight.Snapshot.Revision && stored.Revision > turn.Writing.Durable)
            FoundStored(turn, inFlight);
        else if (stored.Revision == turn.Writing.Durable)
            DropInFlight(turn);
        else if (mine && stored.Revision == HoldRevision && !turn.State.HoldPlaced)
            FoundLateHold(turn);
        else
            turn.Do(new CallEffect.Stop($"revision {stored.Revision} is stored, not {turn.Writing.Durable} or {inFlight.Snapshot.Revision}"));
    }

    static void FoundStored(CallTurn turn, CallWriteInFlight inFlight)
    {
        var known = inFlight with { KnownDurable = true };
        switch (inFlight.Kind)
        {
            case CallWriteKind.Save:
                Committed(turn, known);
                break;
            case CallWriteKind.Settle:
                Settled(turn, known, null);
                break;
            default:
                // Only the wallet knows what it granted: a repeat of the command tells, and writes nothing.
                turn.Writing = turn.Writing with { InFlight = known };
                turn.Do(new CallEffect.Write(known));
                break;
        }
    }

    /// <summary>The refusal found the callback's row taken: the hold that nobody waited for any more was durable after all.</summary>
    static void FoundLateHold(CallTurn turn)
    {
        var late = new CallWriteInFlight(CallWriteKind.Hold, AsAdmitted(turn), [], KnownDurable: true);
        turn.Writing = turn.Writing with { InFlight = late };
        turn.Do(new CallEffect.Write(late));
    }

    /// <summary>Nothing of the write is stored: what it carried goes with the next one.</summary>
    static void DropInFlight(CallTurn turn)
    {
        var inFlight = turn.Writing.InFlight!;
        turn.Writing = turn.Writing with
        {
            InFlight = null,
            Then = [.. inFlight.Then, .. turn.Writing.Then],
            Changed = true,
            RenewalDue = null,
        };
    }
}
