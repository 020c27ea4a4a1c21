using OrleansCallback.Load.Media.Generator;
using OrleansCallback.Load.Processes;

namespace OrleansCallback.Load.Media;

/// <summary>One run: the product and then, if asked for, the peer get the same traffic from the same phones.</summary>
public sealed class MediaRun(MediaOptions options)
{
    const int RelayCore = 0, PhonesCore = 1;
    const double LeastOffered = 0.99;

    readonly string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"orleanscallback-media-{Guid.NewGuid():N}")).FullName;

    public async Task<MediaReport> RunAsync()
    {
        var hold = await HoldLoop.WriteAsync(folder);
        var own = await RunAsync(() => StartAsync(ProductRelay.StartAsync(RelayCore, options.Legs, hold)));
        var peer = options.Peer ? await RunAsync(() => StartAsync(RtpengineRelay.StartAsync(RelayCore, options.Legs / 2, folder))) : null;
        Directory.Delete(folder, recursive: true);
        return new(own, options.Legs, options.Seconds, peer);
    }

    static async Task<IRelay> StartAsync<T>(Task<T> starting) where T : IRelay => await starting;

    async Task<RelayFigures> RunAsync(Func<Task<IRelay>> start)
    {
        await using var relay = await start();
        using var generator = await GeneratorProcess.StartAsync(PhonesCore, options.Legs, options.Talk);
        await relay.AllocatedAsync();
        var memory = ProcessAccount.ResidentKilobytes(relay.Pid);
        await ConnectAsync(relay, generator);

        var allocated = await relay.AllocatedAsync();
        var cpu = ProcessAccount.CpuMilliseconds(relay.Pid);
        var heard = await generator.RunAsync(options.Seconds);
        var used = ProcessAccount.CpuMilliseconds(relay.Pid) - cpu;
        var garbage = await relay.AllocatedAsync() - allocated;
        var grown = ProcessAccount.ResidentKilobytes(relay.Pid) - memory;

        return new()
        {
            Relay = relay.Name, CpuUsPerPacket = Math.Round(used * 1000 / Math.Max(1, heard.Received), 3), Packets = heard.Received, Lost = heard.Lost,
            Astray = heard.Astray, Damaged = heard.Damaged + heard.Duplicated, LatencyMs = heard.LatencyMs,
            BytesPerPacket = garbage is { } bytes ? Math.Round(bytes / (double)Math.Max(1, heard.Received), 2) : null,
            KbPerLeg = Math.Round(grown / (double)options.Legs, 2), OfferedRate = Math.Round(Offered(heard) / options.Seconds, 1), Void = IsVoid(heard),
        };
    }

    async Task ConnectAsync(IRelay relay, GeneratorProcess generator)
    {
        for (var phone = 0; phone < options.Legs; phone += options.Talk ? 2 : 1)
        {
            if (options.Talk)
            {
                var (a, b) = await relay.CallAsync(generator.Phones[phone], generator.Phones[phone + 1]);
                generator.Connect(phone, a);
                generator.Connect(phone + 1, b);
            }
            else
            {
                generator.Connect(phone, await relay.HoldAsync(generator.Phones[phone]));
            }
        }
    }

    /// <summary>Packets that were offered in the time that was asked for. Hold audio is the relay's own to offer.</summary>
    double Offered(GeneratorResult heard) => options.Talk ? heard.Sent * Math.Min(1, options.Seconds / heard.Seconds) : heard.Received;

    bool IsVoid(GeneratorResult heard) => heard.Deaf > 0 || heard.Unsent > 0 || Offered(heard) < heard.Sent * LeastOffered;
}
