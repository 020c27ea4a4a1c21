using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrleansCallback.Sip.Sandbox;
using OrleansCallback.Web.Embedded;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Demo;

/// <summary>
/// <c>demo</c>: one callback through HTTP, grains, SIP and RTP in a folder of its own. What it prints and judges comes from outside of what
/// it tries: the HTTP responses, the phones' own records, SQL on the ledger's file.
/// </summary>
public static class DemoCommand
{
    /// <summary>The first argument.</summary>
    public const string Name = "demo";

    const int Wrong = 1;
    const int Misused = 2;

    static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    /// <summary>Runs it; 0 if everything was as it must be.</summary>
    public static async Task<int> RunAsync(string[] args, Func<string[], WebApplication> build)
    {
        if (!DemoOptions.TryParse(args, new WebOptions().Region, out var options, out var error))
        {
            await Console.Error.WriteLineAsync(error);
            return Misused;
        }

        var folder = Directory.CreateTempSubdirectory("callback-demo-");
        try
        {
            var failures = await RunAsync(options, folder.FullName, build);
            foreach (var failure in failures)
                await Console.Error.WriteLineAsync($"WRONG: {failure}");
            Console.WriteLine(failures.Count == 0 ? "Everything was as it must be." : $"{failures.Count} things were not as they must be.");
            return failures.Count == 0 ? 0 : Wrong;
        }
        catch (Exception broken) when (broken is DemoBrokenException or OperationCanceledException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"WRONG: {(broken is OperationCanceledException ? $"not done after {LongestRun}." : broken.Message)}");
            return Wrong;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static async Task<IReadOnlyList<string>> RunAsync(DemoOptions options, string folder, Func<string[], WebApplication> build)
    {
        using var limit = new CancellationTokenSource(LongestRun + options.Talk);
        await using var app = build(Settings(options, folder));
        await app.StartAsync(limit.Token);
        try
        {
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            var ledgerFile = app.Configuration["Sqlite:File"]!;
            using var caller = new DemoCaller(new Uri(address), app.Services.GetRequiredService<TimeProvider>());
            var call = await caller.CallAsync(options, limit.Token);
            var phones = app.Services.GetService<SandboxCarrier>() is { } carrier ? DemoPhones.Of(carrier, options) : null;
            var books = await LedgerFile.ReadAsync(ledgerFile, call.Id, limit.Token);
            DemoReport.Print(options, call, phones, books);
            return [.. DemoChecks.Of(call), .. phones?.Wrong(options) ?? [], .. books.Wrong(call)];
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    static string[] Settings(DemoOptions options, string folder)
    {
        List<string> settings =
        [
            "--Urls", "http://127.0.0.1:0", "--Data", folder, "--Store", WebOptions.EmbeddedStore, $"--{Banner.Quiet}", "true",
            "--Logging:LogLevel:Default", "Warning", "--Logging:LogLevel:OrleansCallback", "Warning", "--Silo:DrainLimit", "00:00:01",
        ];
        if (options.Carrier is { } carrier)
        {
            settings.AddRange("--Trunks:carrier:Address", carrier.ToString());
            settings.AddRange("--Trunks:carrier:CallerId", EmbeddedSetup.CallerId);
            settings.AddRange("--Trunks:carrier:RatePerSecond", EmbeddedSetup.SandboxRatePerSecond.ToString(CultureInfo.InvariantCulture));
        }

        return [.. settings];
    }
}
