using System.Globalization;

namespace OrleansCallback.Load.Flood;

/// <summary>The silo's own counters at one moment, from its Prometheus page.</summary>
public sealed record SiloCounters(double Received, IReadOnlyDictionary<string, double> Dropped)
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Reads the page.</summary>
    public static async Task<SiloCounters> ReadAsync(Uri silo)
    {
        var lines = (await Http.GetStringAsync(new Uri(silo, "/metrics"))).Split('\n');
        var dropped = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in Of(lines, "sip_datagrams_dropped_total"))
        {
            var reason = Label(line, "reason") + (Label(line, "failure") is var failure && failure is "" or "None" ? "" : $" {failure}");
            dropped[reason] = dropped.GetValueOrDefault(reason) + Value(line);
        }

        return new(Of(lines, "sip_datagrams_received_total").Sum(Value), dropped);
    }

    /// <summary>What was counted since.</summary>
    public SiloCounters Since(SiloCounters before) => new(
        Received - before.Received,
        Dropped.ToDictionary(d => d.Key, d => d.Value - before.Dropped.GetValueOrDefault(d.Key)).Where(d => d.Value > 0).ToDictionary());

    static IEnumerable<string> Of(string[] lines, string metric) => lines.Where(line => line.StartsWith(metric, StringComparison.Ordinal));

    static double Value(string line) => double.Parse(
        line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).First(part => char.IsAsciiDigit(part[0])), CultureInfo.InvariantCulture);

    static string Label(string line, string name)
    {
        var start = line.IndexOf($"{name}=\"", StringComparison.Ordinal);
        if (start < 0) return "";
        start += name.Length + 2;
        return line[start..line.IndexOf('"', start)];
    }
}
