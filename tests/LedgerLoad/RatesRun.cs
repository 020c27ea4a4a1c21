using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCallback.Load.Processes;
using OrleansCallback.Rates;
using OrleansCallback.Rates.Files;
using OrleansCallback.Silo.Ledger;
using OrleansCallback.Silo.Schema;

namespace OrleansCallback.LedgerLoad;

/// <summary>What a step took: on the clock, and of the processors (this process, the database).</summary>
sealed record Took(double Ms, double AppCpuMs, double? DatabaseCpuMs);

/// <summary>What a run found.</summary>
sealed record RatesResult(
    string Store, int Lines, double MegaBytes, Took Read, Took Compare, Took Stored, Took Load, Took Build, double LookUpCpuNs, double LookUpWithHoursCpuNs,
    double BytesALine);

/// <summary>A deck by chance from its file to the look-up, step by step as an import and a silo do it.</summary>
sealed class RatesRun(ILoadStore store, int lines)
{
    const string Site = "load", Deck = "wholesale";
    const int Numbers = 100_000, WarmUpRounds = 20, Rounds = 200, Seed = 20_260_701;

    readonly Random random = new(Seed);

    public async Task<RatesResult> MeasureAsync(ServiceProvider services)
    {
        await SchemaMigrator.MigrateAsync(services.GetRequiredService<IOptions<LedgerOptions>>().Value, CancellationToken.None);
        var rates = services.GetRequiredService<IRateStore>();
        var bytes = MakeFile();
        // Twice, so that the second is of compiled code.
        DeckFile.Read(bytes, TimeZoneInfo.Utc, "EUR");
        var (file, read) = await TimeAsync(() => Task.FromResult(DeckFile.Read(bytes, TimeZoneInfo.Utc, "EUR")));
        if (file.Errors.Count > 0) throw new InvalidOperationException($"The file has errors: {file.Errors.First[0]}");
        var (_, compare) = await TimeAsync(() => Task.FromResult(DeckDifference.Between(file.Lines, file.Lines)));
        var import = new DeckImport(Deck, "EUR", "UTC", DateTimeOffset.UnixEpoch, null, "load", file.Lines);
        var (number, stored) = await TimeAsync(() => rates.ImportAsync(Site, import, CancellationToken.None));
        var (back, load) = await TimeAsync(() => rates.LinesAsync(Site, Deck, number, 0, int.MaxValue, CancellationToken.None));
        if (!back.SequenceEqual(file.Lines)) throw new InvalidOperationException("What was stored does not read back.");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (table, build) = await TimeAsync(() => Task.FromResult(new RateTable(back)));
        var size = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)lines;
        return new(
            store.Name, lines, Math.Round(bytes.Length / 1e6, 1), read, compare, stored, load, build,
            LookUp(table, back, hours: false), LookUp(table, back, hours: true), Math.Round(size));
    }

    /// <summary>Prefixes of 3 to 8 digits, one in ten lines with hours beside one without.</summary>
    byte[] MakeFile()
    {
        var text = new StringBuilder("prefix,destination,currency,price_per_minute,first_increment,next_increment,days,from,to\n");
        var seen = new HashSet<int>();
        for (var line = 0; line < lines; line++)
        {
            var prefix = random.Next(100, 1_000) * (int)Math.Pow(10, random.Next(0, 6));
            prefix += random.Next(Math.Max(1, prefix / 1_000));
            if (!seen.Add(prefix))
            {
                line--;
                continue;
            }

            var price = random.Next(1, 90) * 0.005m;
            Write(prefix, price, "");
            if (line % 10 == 0 && ++line < lines) Write(prefix, price * 2, "mon-fri,08:00,18:00");
        }

        return Encoding.UTF8.GetBytes(text.ToString());

        void Write(int prefix, decimal price, string hours) => text.Append(
            CultureInfo.InvariantCulture,
            $"{prefix},Destination {prefix % 977},EUR,{price:0.####},{1 + prefix % 2 * 59},{1 + prefix % 3 * 5},{(hours.Length > 0 ? hours : ",,")}\n");
    }

    /// <summary>Nanoseconds of the processor for one look-up, over numbers in a random order: what others take of it does not count.</summary>
    double LookUp(RateTable table, IReadOnlyList<DeckRate> rates, bool hours)
    {
        var some = rates.Where(rate => rate.Window is not null == hours).ToList();
        var numbers = Enumerable.Range(0, Numbers).Select(_ => some[random.Next(some.Count)].Prefix + random.Next(100_000, 999_999)).ToArray();
        var at = RateMoment.Of(new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
        Look(WarmUpRounds);
        var cpu = ProcessAccount.CpuMilliseconds(Environment.ProcessId);
        Look(Rounds);
        return Math.Round((ProcessAccount.CpuMilliseconds(Environment.ProcessId) - cpu) * 1e6 / ((double)Numbers * Rounds));

        void Look(int rounds)
        {
            var found = 0;
            for (var round = 0; round < rounds; round++)
                foreach (var number in numbers)
                    if (table.TryFind(number, at, out Rate? _, out int _)) found++;
            if (found != Numbers * rounds) throw new InvalidOperationException($"{(Numbers * rounds) - found} look-ups found no rate.");
        }
    }

    async Task<(T Result, Took Took)> TimeAsync<T>(Func<Task<T>> step)
    {
        var (app, database, began) = (ProcessAccount.CpuMilliseconds(Environment.ProcessId), DatabaseCpu(), Stopwatch.GetTimestamp());
        var result = await step();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return (result, new(
            Math.Round(took), ProcessAccount.CpuMilliseconds(Environment.ProcessId) - app, store.Pid is null ? null : DatabaseCpu() - database));
    }

    double DatabaseCpu() => store.Pid is { } pid ? ProcessAccount.CpuMilliseconds(pid) : 0;
}
