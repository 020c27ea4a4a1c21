namespace OrleansCallback.Load;

/// <summary>Quantiles of measured times in milliseconds.</summary>
/// <param name="P50">Half of them took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
public sealed record Quantiles(double P50, double P99)
{
    /// <summary>Nearest-rank quantiles; null without a measurement.</summary>
    public static Quantiles? Of(IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        return sorted.Count == 0 ? null : new(At(sorted, 0.50), At(sorted, 0.99));
    }

    static double At(List<double> sorted, double share) => Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1)], 2);
}
