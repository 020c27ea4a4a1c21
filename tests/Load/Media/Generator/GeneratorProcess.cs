using System.Globalization;
using System.Net;
using System.Text.Json;
using OrleansCallback.Load.Processes;

namespace OrleansCallback.Load.Media.Generator;

/// <summary>The generator's process as the run sees it.</summary>
sealed class GeneratorProcess : IDisposable
{
    readonly Dialogue process;

    GeneratorProcess(Dialogue process, IReadOnlyList<IPEndPoint> phones) => (this.process, Phones) = (process, phones);

    /// <summary>The phones' addresses.</summary>
    public IReadOnlyList<IPEndPoint> Phones { get; }

    public static async Task<GeneratorProcess> StartAsync(int core, int phones, bool talk)
    {
        var assembly = Path.ChangeExtension(typeof(GeneratorProcess).Assembly.Location, ".dll");
        var process = Dialogue.Start("phones", Cores.On(
            core, "dotnet", assembly, "media-phones", phones.ToString(CultureInfo.InvariantCulture), talk ? "talk" : "listen"));
        return new(process, [.. (await process.HearAsync()).Split(' ').Select(IPEndPoint.Parse)]);
    }

    /// <summary>A phone learns where to send to, and talks from now on or says one frame.</summary>
    public void Connect(int phone, IPEndPoint relay) => process.Say(FormattableString.Invariant($"phone {phone} {relay}"));

    /// <summary>Counts for so long.</summary>
    public async Task<GeneratorResult> RunAsync(int seconds) =>
        JsonSerializer.Deserialize<GeneratorResult>(await process.AskAsync(FormattableString.Invariant($"run {seconds}")))!;

    public void Dispose() => process.Dispose();
}
