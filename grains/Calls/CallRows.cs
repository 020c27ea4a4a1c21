using OrleansCallback.Rates;
using OrleansCallback.Wallets;

namespace OrleansCallback.Calls;

/// <summary>Between a call's state and its rows.</summary>
public static class CallRows
{
    /// <summary>The rows of a write.</summary>
    public static CallWrite Of(CallWriteInFlight write, long version)
    {
        var state = write.Snapshot;
        return new()
        {
            Site = state.Site,
            Callback = state.Callback,
            New = version == 0 ? state.Asked : null,
            ExpectedVersion = version,
            Status = state.Status,
            Outcome = state.Phase == CallPhase.Ended ? state.End?.Outcome : null,
            State = CallStateJson.Write(state),
            Attempts = [.. Attempts(write)],
            Events = state.Writing.Events,
            Payer = state.Payer,
            OneAtATime = write.Kind == CallWriteKind.Hold && state.OneAtATime,
            MerchantNumber = version == 0 ? state.MerchantNumber?.E164 : null,
        };
    }

    /// <summary>The first hold of a call. A repeat finds it by its id and writes nothing.</summary>
    public static HoldCommand Hold(CallState state, CallWrite call) => new(
        state.HoldId, Price(state), AtMost(state, state.Slice), call);

    /// <summary>A longer grant.</summary>
    public static ExtendCommand Extend(CallState state, TimeSpan elapsed, CallWrite call) => new(
        state.HoldId, state.SliceNumber, Price(state), AtMost(state, GrantPolicy.Wanted(elapsed, state.Slice)), call);

    /// <summary>The state as another activation left it, with what only the rows know.</summary>
    public static CallState Restore(CallRow row)
    {
        var state = CallStateJson.Read(row.State);
        return state with
        {
            Request = row.Request,
            MerchantNumber = row.MerchantNumber is { } number ? PhoneNumber.FromE164(number) : null,
            A = state.Phase == CallPhase.Ended ? state.A : Restore(state.A, row.Attempts),
            B = state.Phase == CallPhase.Ended ? state.B : Restore(state.B, row.Attempts),
            Writing = new() { Version = row.Version, Durable = state.Revision },
        };
    }

    static LegState? Restore(LegState? leg, IReadOnlyList<AttemptRow> rows)
    {
        if (leg?.Key is null) return leg;
        var row = rows.FirstOrDefault(row => row.Attempt.Key == leg.Key)
            ?? throw new InvalidOperationException($"Leg {leg.Key} has no attempt row.");
        // Whether it was dialled after the row was written is not known here: it is treated as one that may ring.
        return leg with { Dialled = true, Sent = row.Attempt, Dialog = row.Dialog, Stored = row, DurableNews = leg.LastNews };
    }

    /// <summary>A refusal rings nobody: it stores no attempt.</summary>
    static IEnumerable<AttemptRow> Attempts(CallWriteInFlight write) =>
        write.Snapshot.HoldPlaced
            ? write.Snapshot.Past.Concat(write.Snapshot.Legs().Where(leg => leg.Row is not null && leg.Row != leg.Stored).Select(leg => leg.Row!))
            : [];

    static TimeSpan AtMost(CallState state, TimeSpan wanted) =>
        state.MaxDuration > TimeSpan.Zero && state.MaxDuration < wanted ? state.MaxDuration : wanted;

    static GrantPrice Price(CallState state) =>
        state.Rates?.Grant ?? throw new InvalidOperationException($"Call {state.Callback} in {state.Phase} has no rates.");
}
