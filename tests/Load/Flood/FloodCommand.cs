namespace OrleansCallback.Load.Flood;

/// <summary><c>sip-flood</c>: from start-up to report.</summary>
public static class FloodCommand
{
    const int WrongArguments = 2, VoidRun = 3, Lost = 4;

    /// <summary>Exit status 0 only if the flood was as strong as asked for and no call was lost.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (FloodOptions.TryParse(args, out var error) is not { } options)
        {
            Console.Error.WriteLine(error);
            return WrongArguments;
        }

        await using var run = new FloodRun(options);
        var report = await run.RunAsync();
        Console.WriteLine(report.ToJson(options.Json));
        return report.Void ? VoidRun : report.Held ? 0 : Lost;
    }
}
