using System.Diagnostics;
using System.Globalization;

namespace OrleansCallback.Bench;

/// <summary>What a callback costs beside many live ones, and what a live one holds.</summary>
static class LiveCalls
{
    const int Rounds = 7;
    const int CallsPerRound = 1_000;

    public static void Report(TextWriter output)
    {
        Measure(1_000); // what is compiled on the way is not to be counted
        var few = Measure(100);
        var many = Measure(5_000);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"us_per_callback_at_100":{{few.Microseconds:F1}},"us_per_callback_at_5000":{{many.Microseconds:F1}},"ratio":"""
            + $$"""{{many.Microseconds / few.Microseconds:F3}},"bytes_per_live_callback":{{many.Bytes:F0}}}"""));
    }

    /// <summary>The median CPU of a callback's two legs, and the bytes that each live callback holds after its transactions are gone.</summary>
    static (double Microseconds, double Bytes) Measure(int live)
    {
        var agent = new TwoLegs();
        var before = GC.GetTotalMemory(true);
        for (var i = 0; i < 2 * live; i++) agent.Establish(agent.Prepare());
        agent.Pass(TimeSpan.FromSeconds(40));
        var bytes = (GC.GetTotalMemory(true) - before) / (double)live;
        var times = Enumerable.Range(0, Rounds).Select(_ => Round(agent)).Order().ToList();
        GC.KeepAlive(agent);
        return (times[Rounds / 2], bytes);
    }

    static double Round(TwoLegs agent)
    {
        var legs = Enumerable.Range(0, 2 * CallsPerRound).Select(_ => agent.Prepare()).ToList();
        var began = Process.GetCurrentProcess().TotalProcessorTime;
        for (var i = 0; i < legs.Count; i += 2)
        {
            agent.Establish(legs[i]);
            agent.Establish(legs[i + 1]);
            agent.PhoneHangsUp(legs[i + 1]);
            agent.HangUp(legs[i]);
        }

        agent.Pass(TimeSpan.FromSeconds(40));
        return (Process.GetCurrentProcess().TotalProcessorTime - began).TotalMicroseconds / CallsPerRound;
    }
}
