using System.Globalization;
using OrleansCallback.Fuzz;

// dotnet run -c Release --project tests/Fuzz -- --inputs 10000000 [--seconds S] [--seed N] [--target parser|stream|sdp|agent] [--trace 1]
var options = new Dictionary<string, string>();
for (var i = 0; i + 1 < args.Length; i += 2) options[args[i].TrimStart('-')] = args[i + 1];
long Number(string name, long otherwise) => options.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;

var inputs = Number("inputs", 1_000_000);
var seconds = Number("seconds", 24 * 3600);
var seed = (int)Number("seed", Environment.TickCount);
var failed = false;
List<string>? trace = Number("trace", 0) == 1 ? [] : null;
var targets = FuzzTargets.All(trace);
foreach (var target in targets.Where(t => !options.TryGetValue("target", out var only) || t.Name == only))
{
    var report = new FuzzRun(target, seed).Run(inputs / targets.Count, TimeSpan.FromSeconds(seconds));
    Console.WriteLine(report);
    if (report.Failure is not null) trace?.ForEach(Console.WriteLine);
    failed |= report.Failure is not null;
}

return failed ? 1 : 0;
