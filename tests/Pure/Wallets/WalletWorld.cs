using OrleansCallback.Wallets;

namespace OrleansCallback.Tests.Wallets;

/// <summary>A wallet beside the truth of a ledger: commands in any order, answers late and out of order, some writes lost.</summary>
sealed class WalletWorld(int seed)
{
    const long Price = 100;

    readonly Random random = new(seed);
    readonly WalletBook book = WalletBookTests.Book(50_000);
    readonly List<PendingHold> underWay = [];
    readonly List<Action> told = [];
    readonly Dictionary<string, (int Slice, long Amount, TimeSpan Grant)> holds = [];
    readonly HashSet<string> resolvedHolds = [];
    long posted = 50_000;
    long held;
    long sequence;
    int names;

    public void Step()
    {
        switch (random.Next(8))
        {
            case 0 or 1: Decide(book.Hold(WalletBookTests.Hold($"h{(random.Next(3) == 0 ? random.Next(names + 1) : ++names)}", Price))); break;
            case 2 or 3: Raise(); break;
            case 4: Land(); break;
            case 5: Tell(); break;
            case 6: Resolve(); break;
            default: Credit(); break;
        }

        Check();
    }

    /// <summary>Everything is told in the end: then the book is the ledger.</summary>
    public void Finish()
    {
        while (underWay.Count > 0) Land();
        while (told.Count > 0) Tell();
        Assert.False(book.HasGap);
        Assert.Equal((new Money(posted), new Money(held), sequence), (book.Posted, book.Held, book.Sequence));
        Assert.Equal(holds.Values.Sum(hold => hold.Amount), held);
    }

    void Decide(HoldDecision decision)
    {
        if (decision.Write is { } write) underWay.Add(write);
    }

    void Raise()
    {
        if (holds.Count == 0) return;
        var (id, hold) = holds.ElementAt(random.Next(holds.Count));
        var before = hold.Grant;
        var decision = book.Extend(WalletBookTests.Extend(id, hold.Slice + random.Next(3), (int)before.TotalSeconds + random.Next(-5, 60), Price));
        if (decision.Write is { } write) Assert.True(write.Grant > before);
        Decide(decision);
    }

    /// <summary>A write reaches the ledger, or is known not to.</summary>
    void Land()
    {
        if (underWay.Count == 0) return;
        var write = underWay[random.Next(underWay.Count)];
        underWay.Remove(write);
        if (random.Next(5) == 0 || resolvedHolds.Contains(write.HoldId) || (write.Slice > 1 && !holds.ContainsKey(write.HoldId)))
        {
            book.Dropped(write);
            return;
        }

        Assert.True(posted - held >= write.Delta.Micros, "The floor is broken.");
        held += write.Delta.Micros;
        holds[write.HoldId] = (write.Slice, write.Amount.Micros, write.Grant);
        var at = ++sequence;
        var result = book.Committed(write, at);
        Assert.Equal(write.Grant, result.Grant);
    }

    void Resolve()
    {
        if (holds.Count == 0) return;
        var (id, hold) = holds.ElementAt(random.Next(holds.Count));
        if (underWay.Any(write => write.HoldId == id)) return;
        holds.Remove(id);
        resolvedHolds.Add(id);
        var captured = random.NextInt64(hold.Amount + 1);
        held -= hold.Amount;
        posted -= captured;
        var resolved = new HoldResolved(id, new(hold.Amount), new(captured), ++sequence);
        told.Add(() => book.Resolved(resolved));
        if (random.Next(4) == 0) told.Add(() => book.Resolved(resolved));
    }

    void Credit()
    {
        var amount = random.NextInt64(1, 5_000);
        posted += amount;
        var at = ++sequence;
        told.Add(() => book.Credited(new(amount), at));
    }

    void Tell()
    {
        if (told.Count == 0) return;
        var at = random.Next(told.Count);
        var news = told[at];
        told.RemoveAt(at);
        news();
    }

    void Check()
    {
        Assert.True(posted - held >= 0, "The floor is broken.");
        Assert.True(book.Available().Micros <= posted - held, "More seems available than there is.");
        Assert.True(book.Balance().Available >= Money.Zero);
    }
}
