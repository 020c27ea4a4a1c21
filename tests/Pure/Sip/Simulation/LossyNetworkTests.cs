using System.Globalization;
using Xunit;

namespace OrleansCallback.Tests.Sip;

/// <summary>
/// Two user agents over a bad network. SIP_SIM_CALLS sets the number of calls (3,000, shared by the three networks), SIP_SIM_SEED the seed.
/// Both sides must agree on which calls stand and on their media, each call must end exactly once on each side, and nothing may be left in
/// any table.
/// </summary>
public sealed class LossyNetworkTests
{
    /// <summary>Calls that share one network and one clock; more come one batch after another.</summary>
    const int Batch = 2_000;

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    [Theory]
    [InlineData(0, 0, 40)]
    [InlineData(0.05, 0.05, 300)]
    [InlineData(0.2, 0.1, 900)]
    public void Both_sides_end_in_the_same_state(double loss, double duplication, int maxDelayMs)
    {
        var seed = Setting("SIP_SIM_SEED", 20_260_000 + maxDelayMs);
        var left = (Setting("SIP_SIM_CALLS", 3_000) + 2) / 3;
        var tally = new SortedDictionary<string, int>();
        var hours = TimeSpan.Zero;
        while (left > 0)
        {
            var simulation = new SimulatedCalls(new VirtualNetwork(seed, loss, duplication, maxDelayMs), tally);
            hours += simulation.Run(Math.Min(left, Batch));
            Assert.True(simulation.Faults.Count == 0,
                $"SIP_SIM_SEED={seed}: {string.Join("; ", simulation.Faults.Take(5))} ({simulation.Faults.Count})");
            (left, seed) = (left - Batch, seed + 1);
        }
        var summary = $"loss {loss}, to seed {seed - 1}, {hours.TotalHours:F1} virtual hours: {string.Join(", ", tally.Select(t => $"{t.Key} {t.Value}"))}";
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        if (Environment.GetEnvironmentVariable("SIP_SIM_CALLS") is not null) Console.WriteLine(summary);
    }
}
