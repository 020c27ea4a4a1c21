using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace OrleansCallback.Wallets;

/// <summary>
/// One wallet. Reentrant for group commit: a decision runs without an await, so that no other call comes between, and only then waits for the
/// ledger; meanwhile others are decided, and the silo's writer takes them all into one commit.
/// </summary>
[Reentrant]
sealed partial class WalletGrain(ILedger ledger, CallClock clock, ILogger<WalletGrain> logger) : Grain, IWalletGrain
{
    /// <summary>Most credits whose amounts are remembered, to know a repeat from another amount under the same id.</summary>
    const int MostRemembered = 1_000;

    static readonly TimeSpan Limit = Calls.CallLimits.Step;

    readonly Dictionary<(string Hold, int Slice), Task<HoldResult>> holdsInFlight = [];
    readonly Dictionary<string, (TopUp TopUp, Task<WalletResult> Result)> credits = [];
    readonly Queue<string> remembered = [];
    WalletBook? book;
    Task<bool>? opening;
    int inFlight;
    bool known;

    public async Task<WalletBalance?> Balance() =>
        await Open() && known ? book?.Balance() : throw new TimeoutException($"Wallet {Id} cannot be read: the ledger is away.");

    public Task<HoldResult> Hold(HoldCommand command) => Once((command.HoldId, 1), () => HoldOnce(command));

    public Task<HoldResult> Extend(ExtendCommand command) => Once((command.HoldId, command.SliceNumber), () => ExtendOnce(command));

    public async Task<WalletResult> Credit(TopUp topUp)
    {
        if (topUp.Amount <= Money.Zero) throw new ArgumentException($"Top-up {topUp.Id} of {topUp.Amount} is not above zero.", nameof(topUp));
        if (credits.TryGetValue(topUp.Id, out var first)) return first.TopUp == topUp ? await first.Result : WalletResult.Conflict;
        var result = CreditOnce(topUp);
        credits[topUp.Id] = (topUp, result);
        var outcome = await result;
        if (outcome is WalletResult.Done) Remember(topUp.Id);
        else credits.Remove(topUp.Id);
        return outcome;
    }

    public Task Resolved(HoldResolved resolved)
    {
        if (book is not null && !book.Resolved(resolved)) Drop($"hold {resolved.HoldId} was resolved at an unknown sequence");
        ReopenAfterGap();
        return Task.CompletedTask;
    }

    string Id => GrainKeys.NameOf(this.GetPrimaryKeyString());

    string Site => GrainKeys.SiteOf(this.GetPrimaryKeyString());

    /// <summary>A repeat of a command that is under way waits for the same write.</summary>
    async Task<HoldResult> Once((string Hold, int Slice) command, Func<Task<HoldResult>> first)
    {
        if (holdsInFlight.TryGetValue(command, out var running)) return await running;
        var result = first();
        holdsInFlight[command] = result;
        try
        {
            return await result;
        }
        finally
        {
            holdsInFlight.Remove(command);
        }
    }

    async Task<HoldResult> HoldOnce(HoldCommand command)
    {
        if (!await Open() || !known) return Unknown;
        if (book is null) return new(WalletResult.InsufficientFunds, TimeSpan.Zero, Money.Zero);
        return await Write(book.Hold(command), command.Call);
    }

    async Task<HoldResult> ExtendOnce(ExtendCommand command)
    {
        if (!await Open() || !known) return Unknown;
        if (book is null) return Unknown with { Result = WalletResult.Conflict };
        return await Write(book.Extend(command), command.Call);
    }

    async Task<HoldResult> Write(HoldDecision decision, Calls.CallWrite? call)
    {
        if (decision.Write is not { } hold) return decision.Now!;
        var current = book!;
        var result = await Commit(new()
        {
            Site = Site,
            Hold = new(Id, current.Epoch, hold.HoldId, hold.Callback, hold.Slice, hold.Delta, hold.Grant, decision.ExpiresIn),
            Call = call,
        });
        switch (result.Outcome)
        {
            case WriteOutcome.Committed:
                // After a reload this book is no longer the wallet's; the write is durable all the same.
                var done = current.Committed(hold, result.WalletSequence);
                ReopenAfterGap();
                return done;
            case WriteOutcome.CallFenced or WriteOutcome.Duplicate:
                current.Dropped(hold);
                return Unknown with { Result = WalletResult.Conflict };
            case WriteOutcome.AlreadyActive:
                current.Dropped(hold);
                return Unknown with { Result = WalletResult.AlreadyActive };
            case WriteOutcome.Rejected:
                current.Dropped(hold);
                return Unknown;
            default:
                Distrust(current, result.Outcome.ToString());
                return Unknown;
        }
    }

    async Task<WalletResult> CreditOnce(TopUp topUp)
    {
        if (!await Open() || !known) return WalletResult.Unknown;
        var current = book;
        if (current is not null && current.Balance().Currency != topUp.Currency) return WalletResult.Conflict;
        var result = await Commit(new() { Site = Site, Credit = new(Id, topUp.Id, topUp.Amount, topUp.Currency) });
        switch (result.Outcome)
        {
            case WriteOutcome.Committed:
                if (current is null) Drop("it was opened by its first credit");
                else current.Credited(topUp.Amount, result.WalletSequence);
                if (current != book && book?.Sequence < result.WalletSequence) Drop("a credit became durable beside the reading");
                ReopenAfterGap();
                return WalletResult.Done;
            case WriteOutcome.Duplicate:
                return WalletResult.Done;
            case WriteOutcome.Rejected:
                return WalletResult.Unknown;
            default:
                Distrust(current, result.Outcome.ToString());
                return WalletResult.Unknown;
        }
    }

    /// <summary>Waits for the ledger at most <see cref="Limit"/>: what took longer may be durable or not.</summary>
    async Task<WriteResult> Commit(LedgerWrite write)
    {
        inFlight++;
        using var late = new CancellationTokenSource();
        try
        {
            return await ledger.Write(write, late.Token).WaitAsync(Limit, clock.Time);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            await late.CancelAsync();
            return new(WriteOutcome.Unknown);
        }
        finally
        {
            inFlight--;
        }
    }

    /// <summary>Reads the wallet if its memory was dropped; all callers wait for the same reading. False: the ledger is away.</summary>
    async Task<bool> Open()
    {
        if (known) return true;
        if (opening is not { IsCompleted: false }) opening = Read();
        return await opening && known;
    }

    async Task<bool> Read()
    {
        using var late = new CancellationTokenSource();
        try
        {
            var row = await ledger.OpenWallet(Site, Id, late.Token).WaitAsync(Limit, clock.Time);
            book = row is null ? null : new(row);
            known = true;
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            await late.CancelAsync();
            LogNotRead(Id, error);
            return false;
        }
    }

    /// <summary>Decisions of a book that the ledger has contradicted are no longer the truth. Those made by a later one are.</summary>
    void Distrust(WalletBook? stale, string why)
    {
        if (stale == book) Drop(why);
    }

    void Drop(string why)
    {
        LogDropped(Id, why);
        book = null;
        known = false;
    }

    /// <summary>A sequence that is missing when nothing is under way was made past this grain.</summary>
    void ReopenAfterGap()
    {
        if (book is { } open && (open.OutOfStep || (inFlight == 0 && open.HasGap))) Drop($"a change is missing after sequence {open.Sequence}");
    }

    void Remember(string credit)
    {
        remembered.Enqueue(credit);
        if (remembered.Count > MostRemembered) credits.Remove(remembered.Dequeue());
    }

    static readonly HoldResult Unknown = new(WalletResult.Unknown, TimeSpan.Zero, Money.Zero);
}
