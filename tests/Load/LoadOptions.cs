using System.Globalization;

namespace OrleansCallback.Load;

/// <summary>What a run is asked for.</summary>
/// <param name="Rate">Callbacks a second.</param>
/// <param name="Seconds">For how long they are placed.</param>
/// <param name="Hold">Seconds from the merchant's answer until it hangs up.</param>
/// <param name="Store"><c>postgres</c> or <c>sqlite</c>.</param>
/// <param name="RingMs">Milliseconds that a phone rings.</param>
/// <param name="Json">Whether the last line is one JSON object.</param>
public sealed record LoadOptions(double Rate, int Seconds, double Hold, string Store, int RingMs, bool Json)
{
    /// <summary>Callbacks of the whole run.</summary>
    public int Total => (int)Math.Round(Rate * Seconds);

    /// <summary>Reads the command line; null if it is wrong.</summary>
    public static LoadOptions? TryParse(string[] args, out string error)
    {
        error = "";
        var values = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--json") values["json"] = "";
            else if (args[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length) values[args[i][2..]] = args[++i];
            else error = $"'{args[i]}' is no option.";
        }

        var options = new LoadOptions(
            Number(values, "rate", 5), (int)Number(values, "seconds", 10), Number(values, "hold", 5),
            values.GetValueOrDefault("store", "postgres"), (int)Number(values, "ring", 200), values.ContainsKey("json"));
        if (options.Rate is not (> 0 and <= 1000)) error = "--rate is a number above 0, at most 1000.";
        if (options.Seconds is not (> 0 and <= 3600)) error = "--seconds is a number from 1 to 3600.";
        if (options.Hold is not (> 0 and <= 3600)) error = "--hold is a number above 0, at most 3600.";
        if (options.RingMs is not (>= 0 and <= 10_000)) error = "--ring is a number from 0 to 10000.";
        if (options.Store is not ("postgres" or "sqlite")) error = "--store is postgres or sqlite.";
        return error.Length == 0 ? options : null;
    }

    static double Number(Dictionary<string, string> values, string name, double otherwise) =>
        !values.TryGetValue(name, out var text) ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
