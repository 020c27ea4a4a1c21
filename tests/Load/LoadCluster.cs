using System.Globalization;
using System.Net;
using OrleansCallback.Load.Phones;
using OrleansCallback.Load.Processes;

namespace OrleansCallback.Load;

/// <summary>Store, silo, web and phones of a run, each in a process of its own.</summary>
public sealed class LoadCluster : IAsyncDisposable
{
    /// <summary>Account with all roles.</summary>
    public const string Admin = "admin";

    /// <summary>Its password.</summary>
    public const string AdminPassword = "open sesame 1001";

    const int MostCalls = 4000;
    const int FirstMediaPort = 12_000;

    readonly LoadOptions options;
    readonly string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"orleanscallback-load-{Guid.NewGuid():N}")).FullName;

    public LoadCluster(LoadOptions options)
    {
        this.options = options;
        Store = options.Store == "postgres" ? new PostgresStore(folder, FreePorts.Tcp()) : new SqliteStore(folder);
        WebAddress = new($"http://127.0.0.1:{FreePorts.Tcp()}");
    }

    public ILoadStore Store { get; }

    public Uri WebAddress { get; }

    /// <summary>Where the silo answers probes and metrics.</summary>
    public Uri SiloHttp { get; } = new($"http://127.0.0.1:{FreePorts.Tcp()}");

    /// <summary>Where the silo takes SIP.</summary>
    public IPEndPoint Sip { get; } = FreePorts.Udp("127.0.0.1");

    public Child Silo { get; private set; } = null!;

    public Child Web { get; private set; } = null!;

    public PhonesProcess Phones { get; private set; } = null!;

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    public async Task StartAsync()
    {
        Phones = PhonesProcess.Start(FreePorts.Udp("127.0.0.2"), FreePorts.Udp("127.0.0.3"), options.RingMs, options.Hold);
        await Store.StartAsync();
        var gateway = Text(FreePorts.Tcp());
        var silo = SiloSettings(gateway);
        await using (var migration = Child.Start("migrate", Root, silo, folder, "dotnet", Program("silo", "OrleansCallback.Silo"), "migrate"))
            await migration.SucceedsAsync();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        Silo = Child.Start("silo", Root, silo, folder, "dotnet", Program("silo", "OrleansCallback.Silo"));
        await Silo.ReadyAsync(http, silo["ASPNETCORE_URLS"] + "/readyz");
        Web = Child.Start("web", Path.Combine(Root, "web"), WebSettings(gateway), folder, "dotnet", Program("web", "OrleansCallback.Web"));
        await Web.ReadyAsync(http, new Uri(WebAddress, "/readyz").ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (Web is not null) await Web.DisposeAsync();
        if (Silo is not null) await Silo.DisposeAsync();
        Phones?.Dispose();
        await Store.DisposeAsync();
    }

    Dictionary<string, string> SiloSettings(string gateway) => new(Store.Settings)
    {
        ["ASPNETCORE_URLS"] = SiloHttp.ToString().TrimEnd('/'),
        ["Sip__Port"] = Text(Sip.Port),
        ["Silo__Name"] = "load",
        ["Silo__Port"] = Text(FreePorts.Tcp()),
        ["Silo__GatewayPort"] = gateway,
        ["Media__FirstPort"] = Text(FirstMediaPort),
        ["Media__LastPort"] = Text(FirstMediaPort + 4 * MostCalls - 1),
        ["Calls__OneAtATime"] = "false", // a few members click for all
        ["Trunks__members__Address"] = $"{Phones.Members}",
        ["Trunks__members__Prefixes__0"] = "+49151",
        ["Trunks__members__MaxChannels"] = Text(MostCalls),
        ["Trunks__members__RatePerSecond"] = "200",
        ["Trunks__merchants__Address"] = $"{Phones.Merchants}",
        ["Trunks__merchants__Prefixes__0"] = "+4930",
        ["Trunks__merchants__MaxChannels"] = Text(MostCalls),
        ["Trunks__merchants__RatePerSecond"] = "300",
        ["Logging__LogLevel__Default"] = "Warning",
    };

    Dictionary<string, string> WebSettings(string gateway) => new(Store.Settings)
    {
        ["ASPNETCORE_URLS"] = WebAddress.ToString().TrimEnd('/'),
        ["Gateway"] = options.Store == "sqlite" ? $"127.0.0.1:{gateway}" : "",
        ["FirstAdmin__Account"] = Admin,
        ["FirstAdmin__Password"] = AdminPassword,
        ["FirstAdmin__Number"] = "+493023125999",
        ["LoginsPerMinute"] = "10000",
        ["Logging__LogLevel__Default"] = "Warning",
    };

    /// <summary>The built program of a project in the same configuration as this one.</summary>
    public static string Program(string project, string assembly)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(Root, project, "bin", configuration, "net10.0", assembly + ".dll");
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "OrleansCallback.sln")))
                return at.FullName;
        throw new DirectoryNotFoundException($"OrleansCallback.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
