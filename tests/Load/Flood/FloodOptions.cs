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
        var line = new CommandLine(args);
        var options = new FloodOptions(line.Whole("rate", 20_000), line.Whole("seconds", 20), line.Whole("calls", 200), line.Store, line.Json);
        line.Check(options.Rate is > 0 and <= 200_000, "--rate is a number from 1 to 200000.");
        line.Check(options.Seconds is > 0 and <= 600, "--seconds is a number from 1 to 600.");
        line.Check(options.Calls is > 0 and <= 1000, "--calls is a number from 1 to 1000.");
        error = line.Error;
        return error.Length == 0 ? options : null;
    }
}
