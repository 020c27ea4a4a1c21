using CsCheck;
using OrleansCallback.Wallets;
using static OrleansCallback.Tests.Ledger.LedgerWrites;

namespace OrleansCallback.Tests.Ledger;

/// <summary>Random writes, many of them in one batch, against a model of one wallet that a page can hold.</summary>
public sealed class LedgerModelTests
{
    enum Kind { Credit, Place, Raise, Settle, Reopen }

    sealed record Step(Kind Kind, int Id, int Number, int Amount, bool Stale)
    {
        public override string ToString() => $"{Kind}({Id}, {Number}, {Amount}{(Stale ? ", stale" : "")})";
    }

    static readonly Gen<Step> Steps = Gen.Select(
        Gen.Enum<Kind>(), Gen.Int[0, 3], Gen.Int[2, 4], Gen.Int[0, 60], Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true))),
        (kind, id, number, amount, stale) => new Step(kind, id, number, amount, stale));

    static int sites;

    [Fact]
    public async Task Random_writes_end_as_the_model_says()
    {
        await using var under = await LedgerUnderTest.OnSqliteAsync();
        await Steps.Array[5, 30].SampleAsync(
            async steps =>
            {
                var run = new Run(under.Ledger, $"s{Interlocked.Increment(ref sites)}");
                foreach (var step in steps) await run.TakeAsync(step);
                await run.FlushAsync();
            },
            iter: 40, threads: 1);
        Assert.Empty(await under.BooksAsync());
    }

    sealed class Run(ILedger ledger, string site)
    {
        readonly Model model = new();
        readonly List<(Step Step, WriteResult Expected, Task<WriteResult> Actual)> batch = [];

        public async Task TakeAsync(Step step)
        {
            if (step.Kind == Kind.Reopen)
            {
                await FlushAsync();
                return;
            }

            var write = ToWrite(step);
            batch.Add((step, model.Apply(write), ledger.Write(write, Stop)));
        }

        /// <summary>Awaits what is on its way, compares, and takes the wallet over.</summary>
        public async Task FlushAsync()
        {
            foreach (var (step, expected, actual) in batch) Assert.True(expected == await actual, $"{step}: {await actual}, model: {expected}");
            batch.Clear();
            var row = await ledger.OpenWallet(site, Wallet, Stop);
            model.Reopen();
            Assert.Equal(model.Row, row is null ? null : (row.Posted.Micros, row.Held.Micros, row.Sequence, row.Epoch, row.Pending.Count));
        }

        LedgerWrite ToWrite(Step step)
        {
            var epoch = step.Stale ? model.Epoch - 1 : model.Epoch;
            return (step.Kind switch
            {
                Kind.Credit => Credit($"t{step.Id}", step.Amount + 1),
                Kind.Place => Write(Place(epoch, $"c{step.Id}", step.Amount)),
                Kind.Raise => Write(Raise(epoch, $"c{step.Id}", step.Number, step.Amount)),
                _ => Settle($"c{step.Id}", step.Amount),
            }) with { Site = site };
        }
    }

    sealed class Model
    {
        readonly HashSet<string> credits = [];
        readonly Dictionary<string, (int Slice, long Amount, bool Pending)> holds = [];
        bool isOpen;
        long posted;
        long sequence;

        public long Epoch { get; private set; }

        public (long, long, long, long, int)? Row => isOpen ? (posted, Held, sequence, Epoch, holds.Values.Count(h => h.Pending)) : null;

        long Held => holds.Values.Where(hold => hold.Pending).Sum(hold => hold.Amount);

        public void Reopen() => Epoch += isOpen ? 1 : 0;

        public WriteResult Apply(LedgerWrite write) => write switch
        {
            { Credit: { } credit } => Credit(credit),
            { Hold: { Slice: 1 } hold } => Place(hold),
            { Hold: { } hold } => Raise(hold),
            _ => Settle(write.Settlement!),
        };

        WriteResult Credit(WalletCredit credit)
        {
            if (!credits.Add(credit.Id)) return new(WriteOutcome.Duplicate);
            isOpen = true;
            posted += credit.Amount.Micros;
            return Done();
        }

        WriteResult Place(WalletHold hold)
        {
            if (holds.ContainsKey(hold.HoldId)) return new(WriteOutcome.Duplicate);
            if (!MayHold(hold)) return new(WriteOutcome.WalletFenced);
            holds[hold.HoldId] = (1, hold.Delta.Micros, true);
            return Done();
        }

        WriteResult Raise(WalletHold hold)
        {
            var found = holds.GetValueOrDefault(hold.HoldId);
            if (found.Slice > 0 && (!found.Pending || found.Slice >= hold.Slice)) return new(WriteOutcome.Duplicate);
            if (found.Slice != hold.Slice - 1 || !MayHold(hold)) return new(WriteOutcome.WalletFenced);
            holds[hold.HoldId] = (hold.Slice, found.Amount + hold.Delta.Micros, true);
            return Done();
        }

        WriteResult Settle(Settlement settlement)
        {
            var found = holds.GetValueOrDefault(settlement.HoldId!);
            if (found is { Slice: > 0, Pending: false }) return new(WriteOutcome.Duplicate);
            if (found.Slice == 0 || settlement.Captured.Micros > found.Amount) return new(WriteOutcome.WalletFenced);
            holds[settlement.HoldId!] = found with { Pending = false };
            posted -= settlement.Captured.Micros;
            return Done() with { HeldAmount = new(found.Amount) };
        }

        bool MayHold(WalletHold hold) => isOpen && hold.Epoch == Epoch && posted - Held >= hold.Delta.Micros;

        WriteResult Done() => new(WriteOutcome.Committed, ++sequence);
    }
}
