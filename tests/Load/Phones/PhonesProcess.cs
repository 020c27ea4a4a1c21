using System.Globalization;
using System.Net;
using System.Text.Json;
using OrleansCallback.Load.Processes;

namespace OrleansCallback.Load.Phones;

/// <summary>The phones' process as the run sees it.</summary>
public sealed class PhonesProcess : IDisposable
{
    readonly Dialogue process;

    PhonesProcess(Dialogue process, IPEndPoint members, IPEndPoint merchants) => (this.process, Members, Merchants) = (process, members, merchants);

    /// <summary>Where leg A is sent to.</summary>
    public IPEndPoint Members { get; }

    /// <summary>Where leg B is sent to.</summary>
    public IPEndPoint Merchants { get; }

    public static PhonesProcess Start(IPEndPoint members, IPEndPoint merchants, int ringMs, double hold)
    {
        var process = Dialogue.Start("phones",
        [
            "dotnet", Path.ChangeExtension(typeof(PhonesProcess).Assembly.Location, ".dll"), "phones", $"{members}", $"{merchants}",
            ringMs.ToString(CultureInfo.InvariantCulture), (hold * 1000).ToString(CultureInfo.InvariantCulture),
        ]);
        if (process.Hear() != "ready") throw new InvalidOperationException("The phones are not ready.");
        return new(process, members, merchants);
    }

    /// <summary>Legs that are up at the phones.</summary>
    public int Live() => int.Parse(process.Ask("live"), CultureInfo.InvariantCulture);

    /// <summary>The merchants hang up now.</summary>
    public void HangUp() => process.Say("hang-up");

    /// <summary>What every phone saw.</summary>
    public IReadOnlyList<PhoneRecord> Records()
    {
        process.Say("records");
        var records = new List<PhoneRecord>();
        while (process.Hear() is { Length: > 0 } line) records.Add(JsonSerializer.Deserialize<PhoneRecord>(line)!);
        return records;
    }

    public void Dispose() => process.Dispose();
}
