using System.Diagnostics;
using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;
using OrleansCallback.Sip;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Sipp;

/// <summary>SIPp as a caller, to prove the phones of this folder against something that is not the product.</summary>
public static class SippCaller
{
    static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    /// <summary>One call; returns SIPp's exit status, 0 if every step went by the script.</summary>
    public static async Task<int> CallAsync(IPEndPoint phone, TimeSpan ring, TimeSpan talk, IPEndPoint? audio = null, int refusal = 600,
        SipTransport transport = SipTransport.Udp, string script = "call")
    {
        var scenario = TestFolder.NewFile("call.xml");
        var template = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Sipp", "Scenarios", script + ".xml"));
        await File.WriteAllTextAsync(scenario, template
            .Replace("@ring@", Text(ring.TotalMilliseconds), StringComparison.Ordinal)
            .Replace("@talk@", Text(talk.TotalMilliseconds), StringComparison.Ordinal)
            .Replace("@code@", Text(refusal), StringComparison.Ordinal)
            .Replace("@audio_family@", "IP4", StringComparison.Ordinal)
            .Replace("@audio_address@", $"{audio?.Address ?? IPAddress.Loopback}", StringComparison.Ordinal)
            .Replace("@audio_port@", Text(audio?.Port ?? 9), StringComparison.Ordinal));
        var own = FreePorts.Udp("127.0.0.1");
        var start = new ProcessStartInfo("sipp",
        [
            $"{phone}", "-sf", scenario, "-i", $"{own.Address}", "-p", Text(own.Port), "-cp", Text(FreePorts.Tcp()), "-t", SippTransport.Of(transport), "-m", "1", "-nostdin",
            "-skip_rlimit", "-timeout", "10", "-timeout_error", "-timer_resol", "1",
            "-trace_msg", "-message_file", Path.ChangeExtension(scenario, ".trace"),
        ])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = TestFolder.Path,
        };
        start.Environment["TERM"] = "dumb";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("sipp did not start.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(CallLimit + CallLimit);
        if (process.ExitCode != 0) TestContext.Current.TestOutputHelper?.WriteLine(await File.ReadAllTextAsync(Path.ChangeExtension(scenario, ".trace")));
        return process.ExitCode;
    }

    static string Text(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
