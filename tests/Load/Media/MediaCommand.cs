namespace OrleansCallback.Load.Media;

/// <summary><c>media</c> and <c>hold</c>: from start-up to report.</summary>
public static class MediaCommand
{
    const int WrongArguments = 2, VoidRun = 3, Crossed = 4;

    /// <summary>Exit status 0 only if the run counts and nobody heard what was not meant for them.</summary>
    public static async Task<int> RunAsync(bool talk, string[] args)
    {
        if (MediaOptions.TryParse(talk, args, out var error) is not { } options)
        {
            Console.Error.WriteLine(error);
            return WrongArguments;
        }

        var report = await new MediaRun(options).RunAsync();
        Console.WriteLine(report.ToJson(options.Json));
        return report.Void ? VoidRun : report.IsPure ? 0 : Crossed;
    }
}
