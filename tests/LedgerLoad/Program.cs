using System.Globalization;
using System.Text.Json;
using OrleansCallback.LedgerLoad;
using OrleansCallback.Load.Processes;

// dotnet run -c Release --project tests/LedgerLoad -- [--store postgres|sqlite] [--wallets N] [--callers N] [--seconds S] [--calls]
// Each operation is a hold or its settlement, answered when it is durable. --calls: with the rows of a call as the grains write them.
// One wallet is the hot case. The last line is one JSON object.
// dotnet run -c Release --project tests/LedgerLoad -- rates [--store postgres|sqlite] [--lines N]
// A deck of rates from its file to the look-up, step by step.
var options = args.Select((arg, i) => (arg, next: args.ElementAtOrDefault(i + 1))).ToDictionary(pair => pair.arg, pair => pair.next);
var wallets = Number("--wallets", 1_000);
var folder = Directory.CreateTempSubdirectory("orleanscallback-ledger-load-").FullName;
if (OperatingSystem.IsLinux()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
await using ILoadStore store = options.GetValueOrDefault("--store") == "sqlite" ? new SqliteStore(folder) : new PostgresStore(folder, LedgerRun.FreePort());
await store.StartAsync();
if (args is ["rates", ..])
{
    await using var services = LedgerRun.Services(store);
    Console.WriteLine(JsonSerializer.Serialize(await new RatesRun(store, Number("--lines", 200_000)).MeasureAsync(services), LedgerRun.Json));
    return 0;
}

var run = new LedgerRun(store, wallets, Number("--callers", 256), TimeSpan.FromSeconds(Number("--seconds", 10)), args.Contains("--calls"));
var result = await run.MeasureAsync();
var violations = await store.ViolationsAsync(Path.Combine(AppContext.BaseDirectory, "books"));
foreach (var violation in violations.Take(10)) Console.Error.WriteLine(violation);
Console.WriteLine(JsonSerializer.Serialize(result with { BooksBalance = violations.Count == 0 }, LedgerRun.Json));
return violations.Count == 0 && result.Failed == 0 ? 0 : 1;

int Number(string name, int otherwise) => options.GetValueOrDefault(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
