using OrleansCallback.Calls;
using OrleansCallback.Rates;

namespace OrleansCallback.Wallets;

/// <summary>
/// One wallet's money as decided: what is durable, in the order of the ledger's sequence, and beside it what is on its way there. A decision
/// counts money on its way out as gone and money on its way in as not there, so that no outcome of a write can break the floor.
/// </summary>
public sealed class WalletBook(WalletRow row)
{
    /// <summary>Most changes that may wait for an earlier sequence before the book counts as out of step.</summary>
    const int MostAhead = 256;

    readonly Dictionary<string, HoldRow> holds = row.Pending.ToDictionary(hold => hold.HoldId);
    readonly Dictionary<string, PendingHold> pending = [];
    readonly SortedDictionary<long, WalletChange> ahead = [];

    /// <summary>The epoch under which this activation opened the wallet.</summary>
    public long Epoch => row.Epoch;

    /// <summary>Ledger sequence up to which every change is in <see cref="Balance"/>.</summary>
    public long Sequence { get; private set; } = row.Sequence;

    /// <summary>Sum of entries.</summary>
    public Money Posted { get; private set; } = row.Posted;

    /// <summary>Sum of durable pending holds.</summary>
    public Money Held { get; private set; } = row.Held;

    /// <summary>A change with a later sequence is known while an earlier one is missing.</summary>
    public bool HasGap => ahead.Count > 0;

    /// <summary>So many changes wait that the missing one is not merely late.</summary>
    public bool OutOfStep => ahead.Count > MostAhead;

    /// <summary>What is durable.</summary>
    public WalletBalance Balance() => new(Posted, Held, row.CreditLimit, row.Currency, Sequence);

    /// <summary>What a new hold may take.</summary>
    public Money Available()
    {
        var available = Posted + row.CreditLimit - Held;
        foreach (var hold in pending.Values) available -= hold.Delta;
        foreach (var change in ahead.Values.Where(change => change.Held > Money.Zero)) available -= change.Held;
        return available;
    }

    /// <summary>Decides on a new hold.</summary>
    public HoldDecision Hold(HoldCommand command)
    {
        if (holds.TryGetValue(command.HoldId, out var durable)) return HoldDecision.Answer(new(WalletResult.Done, durable.Grant, durable.Amount));
        if (pending.ContainsKey(command.HoldId)) return HoldDecision.Answer(Refused(WalletResult.Unknown));
        var available = Available();
        if (available <= Money.Zero || available < WorstPrice.OfSmallestSlice(command.Price))
            return HoldDecision.Answer(Refused(WalletResult.InsufficientFunds));
        var seconds = WorstPrice.LongestGrant(command.Price, available, command.Slice);
        var (grant, amount) = (TimeSpan.FromSeconds(seconds), WorstPrice.Of(command.Price, seconds));
        return Decide(new(command.HoldId, command.Call.Callback, 1, amount, grant, amount), grant + GrantPolicy.HoldGrace);
    }

    /// <summary>Decides on a longer grant for a pending hold.</summary>
    public HoldDecision Extend(ExtendCommand command)
    {
        if (!holds.TryGetValue(command.HoldId, out var hold)) return HoldDecision.Answer(Refused(WalletResult.Conflict));
        var now = new HoldResult(WalletResult.Done, hold.Grant, hold.Amount);
        if (hold.Slice >= command.SliceNumber) return HoldDecision.Answer(now);
        if (hold.Slice != command.SliceNumber - 1) return HoldDecision.Answer(now with { Result = WalletResult.Conflict });
        if (pending.ContainsKey(command.HoldId)) return HoldDecision.Answer(now with { Result = WalletResult.Unknown });
        var seconds = WorstPrice.LongestGrant(command.Price, hold.Amount + NotBelowZero(Available()), command.Grant);
        var grant = TimeSpan.FromSeconds(seconds);
        if (grant <= hold.Grant) return HoldDecision.Answer(now with { Result = WalletResult.InsufficientFunds });
        var delta = NotBelowZero(WorstPrice.Of(command.Price, seconds) - hold.Amount);
        // What was left when it was asked for is less than a slice; the hold must outlive both.
        var expiresIn = command.Grant - hold.Grant + (grant - hold.Grant) + GrantPolicy.HoldGrace;
        return Decide(new(hold.HoldId, hold.Callback, command.SliceNumber, hold.Amount + delta, grant, delta), expiresIn);
    }

    /// <summary>The write of a hold is durable.</summary>
    public HoldResult Committed(PendingHold hold, long sequence)
    {
        pending.Remove(hold.HoldId);
        Apply(sequence, new(Money.Zero, hold.Delta));
        holds[hold.HoldId] = new(hold.HoldId, hold.Callback, hold.Slice, hold.Amount, hold.Grant);
        return new(WalletResult.Done, hold.Grant, hold.Amount);
    }

    /// <summary>The write of a hold is known not to have happened.</summary>
    public void Dropped(PendingHold hold) => pending.Remove(hold.HoldId);

    /// <summary>A credit is durable.</summary>
    public void Credited(Money amount, long sequence) => Apply(sequence, new(amount, Money.Zero));

    /// <summary>
    /// A hold was resolved past this book.
    /// </summary>
    /// <returns>False: the book cannot tell what it means and must be read anew.</returns>
    public bool Resolved(HoldResolved resolved)
    {
        if (resolved.Sequence == 0) return !holds.ContainsKey(resolved.HoldId);
        holds.Remove(resolved.HoldId);
        return Apply(resolved.Sequence, new(-resolved.Captured, -resolved.Amount));
    }

    HoldDecision Decide(PendingHold hold, TimeSpan expiresIn)
    {
        pending.Add(hold.HoldId, hold);
        return new(null, hold, expiresIn);
    }

    /// <summary>Changes may be told out of order: each is taken when all before it are.</summary>
    bool Apply(long sequence, WalletChange change)
    {
        if (sequence <= Sequence) return true;
        ahead[sequence] = change;
        while (ahead.Remove(Sequence + 1, out var next))
        {
            Sequence++;
            Posted += next.Posted;
            Held += next.Held;
        }

        return !OutOfStep;
    }

    static Money NotBelowZero(Money money) => money > Money.Zero ? money : Money.Zero;

    static HoldResult Refused(WalletResult result) => new(result, TimeSpan.Zero, Money.Zero);

    sealed record WalletChange(Money Posted, Money Held);
}

/// <summary>A hold or its extension on its way to the ledger.</summary>
/// <param name="HoldId">The hold.</param>
/// <param name="Callback">The call that it is for.</param>
/// <param name="Slice">1 for the hold.</param>
/// <param name="Amount">What the hold then amounts to.</param>
/// <param name="Grant">What it then covers.</param>
/// <param name="Delta">By how much held money grows.</param>
public sealed record PendingHold(string HoldId, string Callback, int Slice, Money Amount, TimeSpan Grant, Money Delta);

/// <summary>Either an answer at once or a write that must become durable first.</summary>
public sealed record HoldDecision(HoldResult? Now, PendingHold? Write, TimeSpan ExpiresIn)
{
    /// <summary>Nothing is to be written.</summary>
    public static HoldDecision Answer(HoldResult result) => new(result, null, TimeSpan.Zero);
}
