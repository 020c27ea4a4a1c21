namespace OrleansCallback.Load;

/// <summary>Starts work at a fixed rate whatever becomes of it: a slow system is not spared by a waiting driver.</summary>
public static class OpenLoop
{
    /// <summary>Starts <paramref name="total"/> pieces of work.</summary>
    /// <param name="rate">Starts a second.</param>
    /// <param name="total">How many pieces.</param>
    /// <param name="work">One piece.</param>
    /// <param name="time">The clock; the system's.</param>
    /// <returns>Their results and the seconds from the first start to one interval after the last.</returns>
    public static async Task<(T[] Results, double Seconds)> RunAsync<T>(double rate, int total, Func<int, Task<T>> work, TimeProvider? time = null)
    {
        var running = new Task<T>[total];
        time ??= TimeProvider.System;
        var since = time.GetTimestamp();
        for (var n = 0; n < total; n++)
        {
            var due = TimeSpan.FromSeconds(n / rate) - time.GetElapsedTime(since);
            if (due > TimeSpan.Zero) await Task.Delay(due, time);
            var number = n;
            running[n] = Task.Run(() => work(number));
        }

        var seconds = time.GetElapsedTime(since).TotalSeconds + 1 / rate;
        return (await Task.WhenAll(running), seconds);
    }
}
