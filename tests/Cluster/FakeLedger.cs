using System.Collections.Concurrent;
using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests;

/// <summary>
/// The ledger's rules in memory: fences, floor, identities. Writes can be made to fail, to hang, or to become durable after they were given up.
/// </summary>
public sealed class FakeLedger : ILedger
{
    readonly Lock gate = new();
    readonly Dictionary<(string Site, string Wallet), Wallet> wallets = [];
    readonly Dictionary<(string Site, string Hold), Hold> holds = [];
    readonly Dictionary<(string Site, string Callback), Call> calls = [];
    readonly HashSet<string> credits = [];
    readonly Dictionary<string, (int Left, TaskCompletionSource<bool> Done)> refusals = [];

    /// <summary>By site: what becomes of a write instead of being done.</summary>
    public ConcurrentDictionary<string, Func<LedgerWrite, WriteFault>> Faults { get; } = new();

    /// <summary>Sites whose database is away: nothing can be read or written.</summary>
    public ConcurrentDictionary<string, bool> Away { get; } = new();

    public List<(string Callback, string What)> Commits { get; } = [];

    public List<CallDetailRecord> Cdrs { get; } = [];

    List<LedgerWrite> Late { get; } = [];

    /// <summary>Completes when that many reads and writes of a site have been refused from now on.</summary>
    public Task<bool> RefusedAsync(string site, int count)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate) refusals[site] = (count, done);
        return done.Task;
    }

    public void Open(string site, string wallet, Money posted, Money creditLimit = default)
    {
        lock (gate) wallets[(site, wallet)] = new() { Posted = posted, Limit = creditLimit };
    }

    public (Money Posted, Money Held) Money(string site, string wallet)
    {
        lock (gate) return (wallets[(site, wallet)].Posted, wallets[(site, wallet)].Held);
    }

    public int PendingHolds(string site, string wallet)
    {
        lock (gate) return holds.Count(hold => hold.Key.Site == site && hold.Value.Wallet == wallet && hold.Value.Pending);
    }

    public IReadOnlyList<CallEvent> EventsOf(string site, string callback)
    {
        lock (gate) return calls.TryGetValue((site, callback), out var call) ? [.. call.Events] : [];
    }

    public int OpenedOf(string callback)
    {
        lock (gate) return calls.First(call => call.Key.Callback == callback).Value.Opened;
    }

    public CallWrite? CallOf(string site, string callback)
    {
        lock (gate) return calls.GetValueOrDefault((site, callback))?.Last;
    }

    public IReadOnlyList<AttemptRow> RowsOf(string site, string callback)
    {
        lock (gate) return calls.TryGetValue((site, callback), out var call) ? [.. call.Attempts.Values] : [];
    }

    public IReadOnlyList<LegAttempt> AttemptsOf(string site, string callback)
    {
        lock (gate) return calls.TryGetValue((site, callback), out var call) ? [.. call.Attempts.Values.Select(row => row.Attempt)] : [];
    }

    public int CommitsOf(string callback)
    {
        lock (gate) return Commits.Count(commit => commit.Callback == callback);
    }

    public Task<WalletRow?> OpenWallet(string site, string wallet, CancellationToken cancellation)
    {
        lock (gate)
        {
            ThrowIfAway(site);
            if (!wallets.TryGetValue((site, wallet), out var found)) return Task.FromResult<WalletRow?>(null);
            found.Epoch++;
            var pending = holds.Where(hold => hold.Key.Site == site && hold.Value.Wallet == wallet && hold.Value.Pending)
                .Select(hold => new HoldRow(hold.Key.Hold, hold.Value.Callback, hold.Value.Slice, hold.Value.Amount, hold.Value.Grant));
            return Task.FromResult<WalletRow?>(
                new(wallet, found.Epoch, found.Sequence, found.Posted, found.Held, found.Limit, "EUR", [.. pending]));
        }
    }

    public Task<CallRow?> OpenCall(string site, string callback, CancellationToken cancellation)
    {
        lock (gate)
        {
            ThrowIfAway(site);
            if (!calls.TryGetValue((site, callback), out var call)) return Task.FromResult<CallRow?>(null);
            call.Version++;
            call.Opened++;
            return Task.FromResult<CallRow?>(new(
                call.Version, call.Request, call.Request.BodyHash, call.MerchantNumber, call.Last.Payer, call.Last.Status, call.Last.Outcome,
                call.Events[^1].EndReason, call.Last.State, [.. call.Attempts.Values], call.Events[0].At, call.Events[^1].Charge,
                call.Events[^1].Number));
        }
    }

    public Task<IReadOnlyList<CallEvent>> Events(string site, string callback, long after, CancellationToken cancellation)
    {
        lock (gate)
        {
            ThrowIfAway(site);
            return Task.FromResult<IReadOnlyList<CallEvent>>([.. calls[(site, callback)].Events.Where(step => step.Number > after)]);
        }
    }

    public async Task<WriteResult> Write(LedgerWrite write, CancellationToken cancellation)
    {
        await Task.Yield();
        var fault = IsAway(write.Site) ? WriteFault.Reject
            : Faults.TryGetValue(write.Site, out var planned) ? planned(write) : WriteFault.None;
        switch (fault)
        {
            case WriteFault.Reject: return new(WriteOutcome.Rejected);
            case WriteFault.Lose: return new(WriteOutcome.Unknown);
            case WriteFault.LoseAnswer:
                Apply(write);
                return new(WriteOutcome.Unknown);
            case WriteFault.Hang:
                lock (gate) Late.Add(write);
                await new TaskCompletionSource().Task.WaitAsync(cancellation);
                return new(WriteOutcome.Unknown);
            default: return Apply(write);
        }
    }

    bool IsAway(string site)
    {
        if (!Away.ContainsKey(site)) return false;
        lock (gate)
        {
            if (!refusals.TryGetValue(site, out var waiting)) return true;
            if (waiting.Left == 1 && refusals.Remove(site)) waiting.Done.SetResult(true);
            else refusals[site] = waiting with { Left = waiting.Left - 1 };
        }

        return true;
    }

    void ThrowIfAway(string site)
    {
        if (IsAway(site)) throw new TimeoutException("The database is away.");
    }

    /// <summary>What hung becomes durable now, if its fences still allow.</summary>
    public IReadOnlyList<WriteOutcome> CommitLate(string site)
    {
        List<LedgerWrite> late;
        lock (gate)
        {
            late = [.. Late.Where(write => write.Site == site)];
            Late.RemoveAll(write => write.Site == site);
        }

        return [.. late.Select(write => Apply(write).Outcome)];
    }

    public Task<IReadOnlyList<(string Site, string Callback)>> Expired(bool all, int most, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<(string, string)>>(
                all ? [.. holds.Where(hold => hold.Value.Pending).Take(most).Select(hold => (hold.Key.Site, hold.Value.Callback))] : []);
        }
    }

    WriteResult Apply(LedgerWrite write)
    {
        lock (gate)
        {
            var outcome = Check(write);
            if (outcome != WriteOutcome.Committed) return new(outcome);
            var result = new WriteResult(WriteOutcome.Committed);
            if (write.Hold is { } hold) result = Place(write.Site, hold);
            if (write.Credit is { } credit) result = Credit(write.Site, credit);
            if (write.Settlement is { } settlement) result = Settle(write.Site, settlement);
            if (write.Call is { } call) Store(call);
            Commits.Add((write.Call?.Callback ?? write.Hold?.Callback ?? "", What(write)));
            return result;
        }
    }

    WriteOutcome Check(LedgerWrite write)
    {
        var hold = (write.Hold?.HoldId ?? write.Settlement?.HoldId) is { } id ? holds.GetValueOrDefault((write.Site, id)) : null;
        if (write.Hold is { Slice: 1 } && hold is not null) return WriteOutcome.Duplicate;
        if (write.Hold is { Slice: > 1 } raised && hold is not null && (!hold.Pending || hold.Slice >= raised.Slice)) return WriteOutcome.Duplicate;
        if (write.Settlement is { HoldId: not null } && hold is { Pending: false }) return WriteOutcome.Duplicate;
        if (write.Credit is { } credit && credits.Contains($"{credit.Wallet}/{credit.Id}")) return WriteOutcome.Duplicate;
        if (write.Call is { } call)
        {
            var stored = calls.GetValueOrDefault((write.Site, call.Callback));
            if (call.New is not null && stored is not null) return WriteOutcome.Duplicate;
            if (call.New is null && stored?.Version != call.ExpectedVersion) return WriteOutcome.CallFenced;
        }

        if (write is { Hold.Slice: 1, Call: { OneAtATime: true, New: { } asked } } && IsLive(write.Site, asked)) return WriteOutcome.AlreadyActive;
        if (write.Hold is { } placed)
        {
            var wallet = wallets.GetValueOrDefault((write.Site, placed.Wallet));
            if (wallet is null || wallet.Epoch != placed.Epoch || wallet.Available < placed.Delta) return WriteOutcome.WalletFenced;
            if (placed.Slice > 1 && hold?.Slice != placed.Slice - 1) return WriteOutcome.WalletFenced;
        }

        return write.Settlement is { HoldId: not null } settled && (hold is null || settled.Captured > hold.Amount)
            ? throw new InvalidOperationException($"A settlement breaks the books: {settled}, hold {hold?.Amount}.")
            : WriteOutcome.Committed;
    }

    bool IsLive(string site, CallbackRequest asked) => holds.Any(hold => hold.Key.Item1 == site && hold.Value.Pending
        && calls[(site, hold.Value.Callback)].Request is var live && (live.Caller == asked.Caller || live.MemberNumber == asked.MemberNumber));

    WriteResult Place(string site, WalletHold hold)
    {
        var wallet = wallets[(site, hold.Wallet)];
        wallet.Held += hold.Delta;
        wallet.Sequence++;
        if (!holds.TryGetValue((site, hold.HoldId), out var row)) holds[(site, hold.HoldId)] = row = new() { Wallet = hold.Wallet, Callback = hold.Callback };
        (row.Slice, row.Amount, row.Grant) = (hold.Slice, row.Amount + hold.Delta, hold.Grant);
        return new(WriteOutcome.Committed, wallet.Sequence);
    }

    WriteResult Credit(string site, WalletCredit credit)
    {
        if (!wallets.TryGetValue((site, credit.Wallet), out var wallet)) wallets[(site, credit.Wallet)] = wallet = new();
        credits.Add($"{credit.Wallet}/{credit.Id}");
        wallet.Posted += credit.Amount;
        wallet.Sequence++;
        return new(WriteOutcome.Committed, wallet.Sequence);
    }

    WriteResult Settle(string site, Settlement settlement)
    {
        Cdrs.Add(settlement.Cdr);
        if (settlement.HoldId is null) return new(WriteOutcome.Committed);
        var (hold, wallet) = (holds[(site, settlement.HoldId)], wallets[(site, settlement.Wallet)]);
        hold.Pending = false;
        wallet.Held -= hold.Amount;
        wallet.Posted -= settlement.Captured;
        wallet.Sequence++;
        return new(WriteOutcome.Committed, wallet.Sequence, hold.Amount);
    }

    void Store(CallWrite write)
    {
        if (write.New is { } request)
            calls[(write.Site, write.Callback)] = new() { Request = request, MerchantNumber = write.MerchantNumber, Last = write };
        var call = calls[(write.Site, write.Callback)];
        foreach (var step in write.Events)
        {
            if (step.Number != call.Events.Count + 1) throw new InvalidOperationException($"Event {step.Number} comes after {call.Events.Count}.");
            call.Events.Add(step);
        }

        foreach (var row in write.Attempts) call.Attempts[row.Attempt.Key] = row;
        call.Last = write;
        call.Version++;
    }

    static string What(LedgerWrite write) =>
        write.Hold is not null ? "hold" : write.Settlement is not null ? "settle" : write.Credit is not null ? "credit" : "save";

    sealed class Wallet
    {
        public long Epoch;
        public long Sequence;
        public Money Posted;
        public Money Held;
        public Money Limit;

        public Money Available => Posted + Limit - Held;
    }

    sealed class Hold
    {
        public required string Wallet;
        public required string Callback;
        public int Slice;
        public Money Amount;
        public TimeSpan Grant;
        public bool Pending = true;
    }

    sealed class Call
    {
        public required CallbackRequest Request;
        public string? MerchantNumber;
        public required CallWrite Last;
        public long Version;
        public int Opened;
        public readonly List<CallEvent> Events = [];
        public readonly Dictionary<string, AttemptRow> Attempts = [];
    }
}

/// <summary>What becomes of a write instead.</summary>
public enum WriteFault
{
    /// <summary>It is done.</summary>
    None,
    /// <summary>It is refused at once.</summary>
    Reject,
    /// <summary>It is lost, and so is the answer.</summary>
    Lose,
    /// <summary>It is done, but the answer is lost.</summary>
    LoseAnswer,
    /// <summary>No answer comes; it may be done later.</summary>
    Hang,
}
