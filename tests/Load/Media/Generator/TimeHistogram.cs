namespace OrleansCallback.Load.Media.Generator;

/// <summary>Times up to two seconds in steps of 10 µs; whatever is longer counts as two seconds.</summary>
sealed class TimeHistogram
{
    const int StepTicks = 100, Steps = 200_000;

    readonly int[] counts = new int[Steps];
    long all;

    public void Add(long ticks)
    {
        counts[Math.Clamp(ticks / StepTicks, 0, Steps - 1)]++;
        all++;
    }

    /// <summary>Nearest-rank quantiles; null without a time.</summary>
    public Quantiles? Quantiles => all == 0 ? null : new(At(0.50), At(0.99));

    double At(double share)
    {
        var wanted = (long)Math.Ceiling(all * share);
        var step = 0;
        for (var seen = (long)counts[0]; seen < wanted; seen += counts[step]) step++;
        return Math.Round(step * StepTicks / (double)TimeSpan.TicksPerMillisecond, 2);
    }
}
