namespace OrleansCallback.Load;

/// <summary><c>callbacks</c>: a run from start-up to report.</summary>
public static class CallbacksCommand
{
    const int WrongArguments = 2, VoidRun = 3, Unbalanced = 4;

    /// <summary>Exit status 0 only if the run counts: rate offered, books balanced.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (LoadOptions.TryParse(args, out var error) is not { } options)
        {
            Console.Error.WriteLine(error);
            return WrongArguments;
        }

        await using var run = new CallbacksRun(options);
        var report = await run.RunAsync();
        foreach (var violation in report.Violations) Console.Error.WriteLine($"books: {violation}");
        if (report.Void) Console.Error.WriteLine($"void: {report.OfferedRate} callbacks a second were offered instead of {report.Rate}.");
        Console.WriteLine(report.ToJson(options.Json));
        return report.Void ? VoidRun : report.BooksBalance ? 0 : Unbalanced;
    }
}
