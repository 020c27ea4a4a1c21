namespace OrleansCallback.Tests.Media;

/// <summary>Waits for what no event tells: a counter of another thread.</summary>
static class Wait
{
    public static async Task UntilAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (!reached()) await Task.Delay(5, limit.Token);
    }
}
