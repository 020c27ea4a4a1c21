using System.Globalization;

namespace OrleansCallback.Load.Flood;

/// <summary>What a flood is asked for.</summary>
/// <param name="Rate">Datagrams a second.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Calls">Calls that are up meanwhile.</param>
/// <param name="Store"><c>postgres</c> or <c>sqlite</c>.</param>
/// <param name="Json">Whether the report is one line.</param>
public sealed record FloodOptions(int Rate, int Seconds, int Calls, string Store, bool Json)
{
    /// <summary>Reads the command line; null if it is wrong.</summary>
    public static FloodOptions? TryParse(string[] args, out string error)
    {
        error = "";
        var values = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--json") values["json"] = "";
            else if (args[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length) values[args[i][2..]] = args[++i];
            else error = $"'{args[i]}' is no option.";
        }

        var options = new FloodOptions(
            Number(values, "rate", 20_000), Number(values, "seconds", 20), Number(values, "calls", 200), values.GetValueOrDefault("store", "postgres"), values.ContainsKey("json"));
        if (options.Rate is not (> 0 and <= 200_000)) error = "--rate is a number from 1 to 200000.";
        if (options.Seconds is not (> 0 and <= 600)) error = "--seconds is a number from 1 to 600.";
        if (options.Calls is not (> 0 and <= 1000)) error = "--calls is a number from 1 to 1000.";
        if (options.Store is not ("postgres" or "sqlite")) error = "--store is postgres or sqlite.";
        return error.Length == 0 ? options : null;
    }

    static int Number(Dictionary<string, string> values, string name, int otherwise) =>
        !values.TryGetValue(name, out var text) ? otherwise : int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
