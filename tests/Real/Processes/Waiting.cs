using System.Diagnostics;

namespace OrleansCallback.Tests.Processes;

/// <summary>Waiting for what another process does, with a limit and a message that says what was waited for.</summary>
public static class Waiting
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again until there is a value.</summary>
    public static async Task<T> ForAsync<T>(string what, TimeSpan limit, Func<Task<T?>> look, Func<string>? detail = null)
        where T : class
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            if (await look() is { } found) return found;
            if (since.Elapsed > limit) throw new TimeoutException($"Waited {limit.TotalSeconds} s for {what}. {detail?.Invoke()}");
            await Task.Delay(Step, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Looks again and again until it is so.</summary>
    public static Task UntilAsync(string what, TimeSpan limit, Func<Task<bool>> look, Func<string>? detail = null) =>
        ForAsync(what, limit, async () => await look() ? what : null, detail);

    /// <summary>Looks again and again until it is so.</summary>
    public static Task UntilAsync(string what, TimeSpan limit, Func<bool> look, Func<string>? detail = null) =>
        UntilAsync(what, limit, () => Task.FromResult(look()), detail);
}
