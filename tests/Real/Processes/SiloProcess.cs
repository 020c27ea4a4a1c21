using System.Globalization;
using System.Net;
using OrleansCallback.Load.Processes;

namespace OrleansCallback.Tests.Processes;

/// <summary>What a silo of a test is started with; the rest is its defaults.</summary>
public sealed record SiloPlan
{
    /// <summary>Name in the cluster and of its log.</summary>
    public string Name { get; init; } = "silo";

    /// <summary>Connection string of the PostgreSQL database.</summary>
    public required string Database { get; init; }

    /// <summary>Trunks of the site by id.</summary>
    public required IReadOnlyDictionary<string, TrunkPlan> Trunks { get; init; }

    /// <summary>Trunks that this silo owns; empty: all.</summary>
    public IReadOnlyList<string> Owned { get; init; } = [];

    /// <summary>RTP ports of this silo.</summary>
    public int Ports { get; init; } = 64;

    /// <summary>More settings, or others.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>();
}

/// <summary>A trunk of a test.</summary>
/// <param name="Address">Where its phones are.</param>
/// <param name="Prefix">The numbers behind it.</param>
/// <param name="RatePerSecond">Price of a second in micro-units.</param>
public sealed record TrunkPlan(IPEndPoint Address, string Prefix, long RatePerSecond);

/// <summary>The silo program in a process of its own.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    SiloProcess(ProgramProcess program, Uri http) => (Program, Http) = (program, http);

    /// <summary>Its process.</summary>
    public ProgramProcess Program { get; }

    /// <summary>Where it answers probes and metrics.</summary>
    public Uri Http { get; }

    static string Dll => Repository.Program("silo", "OrleansCallback.Silo");

    /// <summary>Applies the schema as the migration job does.</summary>
    public static async Task MigrateAsync(SiloPlan plan)
    {
        await using var migration = ProgramProcess.Start("migrate", Dll, Repository.Root, Settings(plan, FreePorts.Tcp()), "migrate");
        if (await migration.EndedAsync(TimeSpan.FromSeconds(60)) is not 0 and var code)
            throw new InvalidOperationException($"migrate ended with {code}:\n{migration.Output}");
    }

    /// <summary>Starts a silo and waits until it is ready.</summary>
    public static async Task<SiloProcess> StartAsync(SiloPlan plan)
    {
        var port = FreePorts.Tcp();
        var program = ProgramProcess.Start(plan.Name, Dll, Repository.Root, Settings(plan, port));
        var silo = new SiloProcess(program, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await program.ReadyAsync(new Uri(silo.Http, "/readyz"));
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Program.DisposeAsync();

    static Dictionary<string, string> Settings(SiloPlan plan, int httpPort)
    {
        var firstMediaPort = FreePorts.UdpRange(plan.Ports);
        var settings = new Dictionary<string, string>
        {
            ["Store"] = "postgres",
            ["ConnectionStrings__Ledger"] = plan.Database,
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{httpPort}",
            ["Silo__Name"] = plan.Name,
            ["Silo__Port"] = Text(FreePorts.Tcp()),
            ["Silo__GatewayPort"] = Text(FreePorts.Tcp()),
            ["Silo__Trunks"] = string.Join(',', plan.Owned),
            ["Media__FirstPort"] = Text(firstMediaPort),
            ["Media__LastPort"] = Text(firstMediaPort + plan.Ports - 1),
            ["Media__PortQuarantine"] = "00:00:01",
            ["Calls__RingLimitA"] = "00:00:05",
            ["Calls__RingLimitB"] = "00:00:02",
            ["Calls__RefusalPrompt"] = "false", // else every call that fails lasts as long as this takes to say
        };
        foreach (var (id, trunk) in plan.Trunks)
        {
            settings[$"Trunks__{id}__Address"] = $"{trunk.Address}";
            settings[$"Trunks__{id}__CallerId"] = "+493023125999";
            settings[$"Trunks__{id}__Prefixes__0"] = trunk.Prefix;
            settings[$"Trunks__{id}__PingInterval"] = "0"; // a phone that counts what it hears must hear calls alone
            settings[$"Trunks__{id}__RatePerSecond"] = Text(trunk.RatePerSecond);
        }

        foreach (var (name, value) in plan.More) settings[name] = value;
        return settings;
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
