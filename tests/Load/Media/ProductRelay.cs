using System.Globalization;
using System.Net;
using System.Text.Json;
using OrleansCallback.Load.Processes;

namespace OrleansCallback.Load.Media;

/// <summary>The product's media plane, as tests/MediaRelay hosts it.</summary>
sealed class ProductRelay : IRelay
{
    readonly Dialogue process;

    ProductRelay(Dialogue process) => this.process = process;

    public string Name => "product";

    public int Pid => process.Pid;

    public static async Task<ProductRelay> StartAsync(int core, int legs, string holdAudio)
    {
        var first = FreePorts.UdpRange(2 * legs);
        var process = Dialogue.Start("relay", Cores.On(
            core, "dotnet", LoadCluster.Program("tests/MediaRelay", "OrleansCallback.Tests.MediaRelay"), Text(first), Text(first + (2 * legs) - 1), holdAudio));
        await process.HearAsync();
        return new(process);
    }

    public async Task<(IPEndPoint A, IPEndPoint B)> CallAsync(IPEndPoint a, IPEndPoint b)
    {
        var ports = (await process.AskAsync($"call {a} {b}")).Split(' ');
        return (IPEndPoint.Parse(ports[0]), IPEndPoint.Parse(ports[1]));
    }

    public async Task<IPEndPoint> HoldAsync(IPEndPoint phone) => IPEndPoint.Parse(await process.AskAsync($"hold {phone}"));

    public async Task<long?> AllocatedAsync() =>
        JsonDocument.Parse(await process.AskAsync("account")).RootElement.GetProperty("Allocated").GetInt64();

    public ValueTask DisposeAsync()
    {
        process.Dispose();
        return ValueTask.CompletedTask;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
