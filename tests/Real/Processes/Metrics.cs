using System.Globalization;

namespace OrleansCallback.Tests.Processes;

/// <summary>Reads a program's Prometheus page.</summary>
public static class Metrics
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>The same, 0 where nothing has been counted yet.</summary>
    public static async Task<double> SumOrZeroAsync(Uri program, string metric)
    {
        try
        {
            return await SumAsync(program, metric);
        }
        catch (KeyNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>The sum over all label sets of a metric; throws if the page has none of that name.</summary>
    public static async Task<double> SumAsync(Uri program, string metric)
    {
        var page = await Http.GetStringAsync(new Uri(program, "/metrics"));
        var values = page.Split('\n')
            .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line.Length > metric.Length && line[metric.Length] is ' ' or '{')
            .Select(line => line[(line.LastIndexOf('}') + 1)..].TrimStart().Split(' '))
            .Select(parts => double.Parse(parts[0].StartsWith(metric, StringComparison.Ordinal) ? parts[1] : parts[0], CultureInfo.InvariantCulture))
            .ToList();
        return values.Count > 0 ? values.Sum() : throw new KeyNotFoundException($"{program}metrics has no {metric}:\n{page}");
    }
}
