using System.Diagnostics;

namespace OrleansCallback.Load;

/// <summary>Starts work at a fixed rate whatever becomes of it: a slow system is not spared by a waiting driver.</summary>
public static class OpenLoop
{
    /// <summary>Starts <paramref name="total"/> pieces of work.</summary>
    /// <returns>Their results and the seconds from the first start to one interval after the last.</returns>
    public static async Task<(T[] Results, double Seconds)> RunAsync<T>(double rate, int total, Func<int, Task<T>> work)
    {
        var running = new Task<T>[total];
        var since = Stopwatch.StartNew();
        for (var n = 0; n < total; n++)
        {
            var due = TimeSpan.FromSeconds(n / rate) - since.Elapsed;
            if (due > TimeSpan.Zero) await Task.Delay(due);
            var number = n;
            running[n] = Task.Run(() => work(number));
        }

        var seconds = since.Elapsed.TotalSeconds + 1 / rate;
        return (await Task.WhenAll(running), seconds);
    }
}
