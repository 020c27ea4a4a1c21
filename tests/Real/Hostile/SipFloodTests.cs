using System.Diagnostics;
using System.Globalization;
using System.Net;
using OrleansCallback.Load.Flood;

namespace OrleansCallback.Tests.Hostile;

/// <summary>Calls stay up while strangers flood the SIP port, scan it and try passwords. The full strength is a command of tests/Load.</summary>
public sealed class SipFloodTests
{
    const long MostGrowth = 200 * 1024; // KiB
    static readonly TimeSpan ToolLimit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_flood_of_rubbish_and_sipvicious_lose_no_call()
    {
        var found = new List<string>();
        await using var run = new FloodRun(new FloodOptions(Rate: 5_000, Seconds: 3, Calls: 20, Store: "sqlite", Json: true));
        var report = await run.RunAsync(async sip => found.AddRange(await Task.WhenAll(
            ScanAsync("svmap", "-p", Port(sip), "127.0.0.1"),
            ScanAsync("svwar", "-p", Port(sip), "-e", "100-150", "--force", "--maximumtime=3", "127.0.0.1"),
            ScanAsync("svwar", "-p", Port(sip), "-e", "100-150", "-m", "INVITE", "--force", "--maximumtime=3", "127.0.0.1"),
            ScanAsync("svcrack", "-p", Port(sip), "-u", "100", "-r", "100-150", "--maximumtime=3", "127.0.0.1"))));
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToJson(oneLine: false) + string.Join('\n', found));
        Assert.True(report.Held, report.ToJson(oneLine: false));
        Assert.InRange(report.RssKbMost - report.RssKbBefore, -MostGrowth, MostGrowth);

        // Of what came, the most is refused in silence, by reasons that say which kind of rubbish it was.
        foreach (var reason in (string[])["Limited", "StrayResponse", "StrayAck", "KeepAlive", "Malformed StartLine", "Malformed NoHeaderEnd"])
            Assert.True(report.Dropped.GetValueOrDefault(reason) > 100, $"{reason}: {report.ToJson(oneLine: false)}");
        Assert.InRange(report.Answered, 0, report.Sent / 5);

        // No extension is told from another, no password found.
        Assert.DoesNotContain(found.Skip(1), said => said.Contains("reqauth", StringComparison.Ordinal) || said.Contains("noauth", StringComparison.Ordinal)
            || said.Contains("Password", StringComparison.Ordinal));
    }

    static string Port(IPEndPoint sip) => sip.Port.ToString(CultureInfo.InvariantCulture);

    static async Task<string> ScanAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{tool} did not start.");
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(ToolLimit);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited) process.Kill();
        return $"{tool}: {await output}{await errors}";
    }
}
