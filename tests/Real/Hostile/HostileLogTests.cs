using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Calls;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Hostile;

/// <summary>Strangers and a carrier put control characters into everything: none comes out of the silo's log, in either of its formats.</summary>
public abstract partial class HostileLogTests(PostgresServer server, string format)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_log_with_a_terminal_command_or_a_forged_line_is_found_out()
    {
        Assert.Single(EvilText.FaultsOf("12:00:00.000 info: OrleansCallback.X[1] \u001b[31m", IsSimple));
        Assert.Single(EvilText.FaultsOf("12:00:00.000 info: OrleansCallback.X[1] a\nFORGED", IsSimple));
        Assert.Empty(EvilText.FaultsOf("12:00:00.000 info: OrleansCallback.X[1] a", IsSimple));
    }

    [Fact]
    public async Task Nothing_from_the_network_reaches_the_log_unescaped()
    {
        var sip = FreePorts.Udp("127.0.0.1");
        await using var site = await CallSite.StartAsync(await server.CreateDatabaseAsync(), new Dictionary<string, string>
        {
            ["Sip__Port"] = sip.Port.ToString(CultureInfo.InvariantCulture),
            ["Sip__StrangerRate"] = "0", // all of it is to be read
            ["Logging__Console__FormatterName"] = format,
            ["Logging__Console__FormatterOptions__TimestampFormat"] = format == "json" ? "O" : "HH:mm:ss.fff ",
            ["Logging__LogLevel__OrleansCallback"] = "Trace",
            ["Sip__DnsServers"] = "127.0.0.1:9", // nobody knows the names that the carrier makes up
            [$"Trunks__{CallSite.IdleTrunk}__Transport"] = "tcp",
            [$"Trunks__{CallSite.IdleTrunk}__PingInterval"] = "00:00:01", // nobody is there: a line of the log
        });
        await using var carrier = new EvilCarrier(site.MemberPhone);
        foreach (var request in EvilRequests.All($"{sip}", "UDP")) await carrier.SendAsync(request, sip);
        await OverTcpAsync(sip);
        foreach (var _ in (int[])[1, 2]) await CallAsync(site);
        await carrier.SendAsync(Good(sip), sip);
        await Waiting.UntilAsync("an answer after all that", Limit, () => carrier.Answered("good"));
        var log = site.Silos[0].Program.Output;
        var faults = EvilText.FaultsOf(log, format == "json" ? IsJson : IsSimple);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Contains("No SIP connection", log, StringComparison.Ordinal); // the log was read
        Assert.DoesNotContain(log.Split('\n'), IsOfAStranger);
        Assert.Equal(0, await Metrics.SumOrZeroAsync(site.Silos[0].Http, "sip_loop_faults_total"));
    }

    static async Task CallAsync(CallSite site)
    {
        using var client = await site.MemberAsync(Scene.Plenty);
        var placed = await client.PlaceAsync("member-pays");
        Assert.True(placed.Code == HttpStatusCode.Accepted, $"{placed.Body}");
        await client.EndsAsync(placed.Id, Limit);
    }

    static async Task OverTcpAsync(IPEndPoint sip)
    {
        var host = 0;
        foreach (var request in EvilRequests.All($"{sip}", "TCP"))
        {
            using var socket = new TcpClient(new IPEndPoint(new IPAddress([127, 0, 65, (byte)(host++ % 250)]), 0)); // one address may not hold so many
            await socket.ConnectAsync(sip, TestContext.Current.CancellationToken);
            await socket.GetStream().WriteAsync(request, TestContext.Current.CancellationToken);
        }
    }

    static byte[] Good(IPEndPoint sip) => Encoding.ASCII.GetBytes(
        $"OPTIONS sip:{sip} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.2:9;rport;branch=z9hG4bKgood\r\nMax-Forwards: 70\r\nFrom: <sip:x@y>;tag=1\r\n"
        + "To: <sip:a@b>\r\nCall-ID: good\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");

    static bool IsJson(string line)
    {
        try
        {
            return JsonDocument.Parse(line).RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Who is no carrier writes no line that operators see: with every connection it could.
    static bool IsOfAStranger(string line) =>
        line.Contains("127.0.65.", StringComparison.Ordinal) && !line.Contains("dbug", StringComparison.Ordinal) && !line.Contains("\"Debug\"", StringComparison.Ordinal);

    static bool IsSimple(string line) => SimpleLine().IsMatch(line);

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} (trce|dbug|info|warn|fail|crit): OrleansCallback\.|^\d\d:\d\d:\d\d\.\d{3} \w{4}: (Microsoft|Orleans|System)\.")]
    private static partial Regex SimpleLine();
}

/// <summary>The log as collectors read it.</summary>
public sealed class HostileJsonLogTests(PostgresServer server) : HostileLogTests(server, "json");

/// <summary>The log as a person reads it on a terminal.</summary>
public sealed class HostileSimpleLogTests(PostgresServer server) : HostileLogTests(server, "simple");
