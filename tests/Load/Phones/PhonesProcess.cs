using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace OrleansCallback.Load.Phones;

/// <summary>The phones' process as the run sees it.</summary>
public sealed class PhonesProcess : IDisposable
{
    readonly Process process;

    PhonesProcess(Process process, IPEndPoint members, IPEndPoint merchants) => (this.process, Members, Merchants) = (process, members, merchants);

    /// <summary>Where leg A is sent to.</summary>
    public IPEndPoint Members { get; }

    /// <summary>Where leg B is sent to.</summary>
    public IPEndPoint Merchants { get; }

    public static PhonesProcess Start(IPEndPoint members, IPEndPoint merchants, int ringMs, double hold)
    {
        string[] arguments =
        [
            Path.ChangeExtension(typeof(PhonesProcess).Assembly.Location, ".dll"), "phones", $"{members}", $"{merchants}",
            ringMs.ToString(CultureInfo.InvariantCulture), (hold * 1000).ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("The phones did not start.");
        if (process.StandardOutput.ReadLine() != "ready") throw new InvalidOperationException("The phones are not ready.");
        return new(process, members, merchants);
    }

    /// <summary>Legs that are up at the phones.</summary>
    public int Live()
    {
        process.StandardInput.WriteLine("live");
        return int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    /// <summary>The merchants hang up now.</summary>
    public void HangUp() => process.StandardInput.WriteLine("hang-up");

    /// <summary>What every phone saw.</summary>
    public IReadOnlyList<PhoneRecord> Records()
    {
        process.StandardInput.WriteLine("records");
        var records = new List<PhoneRecord>();
        while (process.StandardOutput.ReadLine() is { Length: > 0 } line) records.Add(JsonSerializer.Deserialize<PhoneRecord>(line)!);
        return records;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
