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
        var line = new CommandLine(args);
        var options = new LoadOptions(
            line.Number("rate", 5), line.Whole("seconds", 10), line.Number("hold", 5), line.Store, line.Whole("ring", 200), line.Json);
        line.Check(options.Rate is > 0 and <= 1000, "--rate is a number above 0, at most 1000.");
        line.Check(options.Seconds is > 0 and <= 3600, "--seconds is a number from 1 to 3600.");
        line.Check(options.Hold is > 0 and <= 3600, "--hold is a number above 0, at most 3600.");
        line.Check(options.RingMs is >= 0 and <= 10_000, "--ring is a number from 0 to 10000.");
        error = line.Error;
        return error.Length == 0 ? options : null;
    }
}
