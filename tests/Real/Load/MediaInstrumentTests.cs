using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using OrleansCallback.Load.Media;
using OrleansCallback.Load.Media.Generator;

namespace OrleansCallback.Tests.Load;

/// <summary>The commands that measure the media plane, in small, and what they say of a relay that does it wrong.</summary>
public sealed class MediaInstrumentTests
{
    [Fact]
    public async Task A_run_measures_the_product_and_rtpengine_with_the_same_traffic()
    {
        var report = await new MediaRun(new(Legs: 20, Talk: true, Seconds: 2, Peer: true, Json: true)).RunAsync();
        foreach (var figures in new RelayFigures[] { report, report.Peer! })
        {
            Assert.True(figures.IsPure, $"{figures}");
            Assert.Equal(20 * 50 * 2, figures.Packets + figures.Lost);
            Assert.InRange(figures.Packets, 100, 2000);
            Assert.True(figures is { CpuUsPerPacket: > 0, KbPerLeg: > 0 }, $"{figures}");
        }

        var last = JsonDocument.Parse(report.ToJson(line: true)).RootElement;
        Assert.Equal(report.LatencyMs!.P99, last.GetProperty("latency_ms").GetProperty("p99").GetDouble());
        Assert.Equal(report.Peer!.CpuUsPerPacket, last.GetProperty("peer").GetProperty("cpu_us_per_packet").GetDouble());
        Assert.Equal(report.Ratio, last.GetProperty("ratio").GetDouble());
    }

    [Fact]
    public async Task Hold_audio_is_heard_without_a_gap_by_every_leg()
    {
        var report = await new MediaRun(new(Legs: 20, Talk: false, Seconds: 2, Peer: false, Json: true)).RunAsync();
        Assert.True(report is { IsPure: true, Lost: 0, Ratio: null }, $"{report}");
        Assert.InRange(report.Packets, 100, 2100);
    }

    [Fact]
    public async Task A_relay_that_crosses_calls_is_found_out()
    {
        var heard = await ThroughAsync((phone, packet) => [((phone + 2) % 4, packet)]);
        Assert.Equal((heard.Sent, 0L), (heard.Lost, heard.Received));
        Assert.InRange(heard.Astray, heard.Sent, long.MaxValue);
    }

    [Fact]
    public async Task A_relay_that_loses_spoils_and_repeats_is_found_out()
    {
        // Of each second three frames of each phone: one is lost, one arrives with another byte in it, one twice.
        var heard = await ThroughAsync(IReadOnlyList<(int, byte[])> (phone, packet) => (packet[3] % 50) switch
        {
            7 => [],
            17 => [(phone ^ 1, [.. packet[..^1], (byte)~packet[^1]])],
            27 => [(phone ^ 1, packet), (phone ^ 1, packet)],
            _ => [(phone ^ 1, packet)],
        });
        Assert.True(heard is { Lost: > 0, Damaged: > 0, Duplicated: > 0, Astray: 0, Received: > 0 }, $"{heard}");
        Assert.Equal(heard.Sent, heard.Received + heard.Lost);
    }

    [Theory]
    [InlineData("--calls", "0")]
    [InlineData("--seconds", "x")]
    [InlineData("--peer", "asterisk")]
    [InlineData("--legs")]
    public void Wrong_arguments_are_named(params string[] args)
    {
        Assert.Null(MediaOptions.TryParse(talk: true, args, out var error));
        Assert.Contains(args[0], error, StringComparison.Ordinal);
    }

    /// <summary>Two calls through a relay that does to each datagram what it is told.</summary>
    static async Task<GeneratorResult> ThroughAsync(Func<int, byte[], IReadOnlyList<(int Phone, byte[] Packet)>> relay)
    {
        using var phones = await GeneratorProcess.StartAsync(core: 1, phones: 4, talk: true);
        var ports = phones.Phones.Select(_ => new UdpClient(new IPEndPoint(IPAddress.Loopback, 0))).ToList();
        var relaying = ports.Select((port, phone) => RelayAsync(port, phone)).ToList();
        for (var phone = 0; phone < ports.Count; phone++) phones.Connect(phone, (IPEndPoint)ports[phone].Client.LocalEndPoint!);
        var heard = await phones.RunAsync(seconds: 1);
        foreach (var port in ports) port.Dispose();
        await Task.WhenAll(relaying);
        return heard;

        async Task RelayAsync(UdpClient port, int phone)
        {
            try
            {
                while (true)
                    foreach (var (to, packet) in relay(phone, (await port.ReceiveAsync()).Buffer))
                        await ports[to].SendAsync(packet, phones.Phones[to]);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The run is over.
            }
        }
    }
}
