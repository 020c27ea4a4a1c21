using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Tests.Rates;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests.Calls;

/// <summary>The ledger and the wallet of the world: fenced by version, sometimes silent, sometimes late.</summary>
sealed class WorldLedger(Random random)
{
    readonly List<(CallWriteInFlight What, long Version)> late = [];
    long version;
    int slice;

    public bool Healthy { get; set; }

    public CallState? StoredState { get; private set; }

    /// <summary>The rows of attempts by key.</summary>
    public Dictionary<string, AttemptRow> Attempts { get; } = [];

    public List<CallEvent> Events { get; } = [];

    public bool HoldPending { get; private set; }

    public int Resolved { get; private set; }

    public Money Held { get; private set; }

    public TimeSpan Grant => TimeSpan.FromSeconds(90 * slice);

    public Money Captured { get; private set; }

    public CallInput Write(CallWriteInFlight what, long expected)
    {
        var luck = Healthy ? 9 : random.Next(10);
        var applied = luck is not (0 or 1) && Apply(what, expected);
        if (luck == 1) late.Add((what, expected));
        if (what.Kind is CallWriteKind.Hold or CallWriteKind.Extend) return new CallInput.HoldAnswered(Wallet(what, luck >= 3));
        var outcome = luck < 3 ? WriteOutcome.Unknown : applied ? WriteOutcome.Committed : WriteOutcome.Duplicate;
        return new CallInput.Written(new(outcome, 1, Held));
    }

    public CallInput Reconcile()
    {
        if (!Healthy && random.Next(3) == 0) return new CallInput.Reconciled(false, 0, "", 0);
        if (StoredState is null) return new CallInput.Reconciled(true, 0, "", 0);
        return new CallInput.Reconciled(true, StoredState.Revision, StoredState.Writer, ++version);
    }

    /// <summary>What another activation finds, which fences whatever is on its way; null: nothing is stored.</summary>
    public CallRow? Open(CallbackRequest request)
    {
        if (StoredState is not { } state) return null;
        if (random.Next(2) == 0) CommitLate();
        late.Clear();
        return new(
            ++version, request, request.BodyHash, "+493087654321", state.Payer, state.Status, null, null, CallStateJson.Write(StoredState), [.. Attempts.Values],
            state.CreatedAt, null, state.LastEvent);
    }

    public void CommitLate()
    {
        foreach (var (what, expected) in late) Apply(what, expected);
        late.Clear();
    }

    HoldResult Wallet(CallWriteInFlight what, bool answers)
    {
        if (!answers) return new(WalletResult.Unknown, TimeSpan.Zero, Money.Zero);
        if (!HoldPending || slice < what.Snapshot.SliceNumber)
        {
            var refused = random.Next(2) == 0 ? WalletResult.InsufficientFunds : WalletResult.AlreadyActive;
            return new(!HoldPending && what.Kind == CallWriteKind.Hold && StoredState is null ? refused : WalletResult.Conflict, TimeSpan.Zero, Money.Zero);
        }

        return new(WalletResult.Done, Grant, Held);
    }

    bool Apply(CallWriteInFlight what, long expected)
    {
        if (what.Kind == CallWriteKind.Hold && (HoldPending || Resolved > 0)) return false;
        if (what.Kind == CallWriteKind.Extend && slice >= what.Snapshot.SliceNumber) return false;
        if (expected == 0 ? StoredState is not null : expected != version) return false;
        // A wallet without money places no hold.
        if (what.Kind == CallWriteKind.Hold && !Healthy && random.Next(15) == 0) return false;
        version++;
        foreach (var step in what.Snapshot.Writing.Events) Store(step);
        foreach (var row in CallRows.Of(what, expected).Attempts) Attempts[row.Attempt.Key] = row;
        StoredState = CallStateJson.Read(CallStateJson.Write(what.Snapshot));
        if (what.Kind is CallWriteKind.Hold or CallWriteKind.Extend)
        {
            (HoldPending, slice) = (true, what.Snapshot.SliceNumber);
            Held = WorstPrice.Of(what.Snapshot.Rates!.Grant, 90 * slice);
        }

        if (what.Kind == CallWriteKind.Settle) Settle(what.Snapshot);
        return true;
    }

    void Settle(CallState settled)
    {
        if (settled.HoldPlaced != HoldPending) throw new InvalidOperationException($"The settlement and the hold disagree: {settled.HoldPlaced}, {HoldPending}.");
        if (HoldPending) Resolved++;
        HoldPending = false;
        Captured = settled.Charge!.Value;
        if (Captured > Held) throw new InvalidOperationException($"{Captured} is charged of {Held} held.");
        var charged = settled is { HoldPlaced: true, End.Outcome: not CallOutcome.SiloLost };
        var expected = charged ? Expected(settled, settled.A) + Expected(settled, settled.B) : 0;
        if (Captured.Micros != expected) throw new InvalidOperationException($"{Captured} is charged instead of {expected}.");
    }

    /// <summary>What the reference rater says to what the leg's own news proved.</summary>
    static long Expected(CallState settled, LegState? leg)
    {
        if (leg is not { Dialled: true }) return 0;
        var talk = Math.Min((leg.Talk ?? TimeSpan.Zero).TotalSeconds, settled.Grant.TotalSeconds);
        var rang = leg.Ended is { End: LegEnd.HungUp or LegEnd.NoAnswer, Rang: true } or { End: LegEnd.NoAnswer };
        var told = leg.Ended is { End: LegEnd.Refused } ended && (ended.Rang || ended.SipCode is not (500 or 503));
        return ReferenceRater.Price(settled.Rates!.Of(leg.Leg, leg.Trunk).Rate, talk, leg.AnsweredAt is null && (rang || told));
    }

    void Store(CallEvent step)
    {
        if (Events.Any(known => known.Outcome is not null)) throw new InvalidOperationException($"Event {step} follows the terminal one.");
        if (step.Number != Events.Count + 1) throw new InvalidOperationException($"Event {step.Number} follows {Events.Count}.");
        Events.Add(step);
    }
}
