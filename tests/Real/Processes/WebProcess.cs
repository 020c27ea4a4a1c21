using OrleansCallback.Load.Processes;

namespace OrleansCallback.Tests.Processes;

/// <summary>The web program in a process of its own, as a client of silos or with everything embedded.</summary>
public sealed class WebProcess : IAsyncDisposable
{
    /// <summary>Account with all roles that every web of the tests makes at its start.</summary>
    public const string Admin = "first-admin";

    /// <summary>Its password.</summary>
    public const string AdminPassword = "open sesame 1001";

    WebProcess(ProgramProcess program, Uri http) => (Program, Http) = (program, http);

    /// <summary>Its process.</summary>
    public ProgramProcess Program { get; }

    /// <summary>Where it listens.</summary>
    public Uri Http { get; }

    /// <summary>Starts it as a client of the silos of a PostgreSQL database and waits until it is ready.</summary>
    public static Task<WebProcess> ClientAsync(string database) =>
        StartAsync("web", new Dictionary<string, string> { ["Store"] = "postgres", ["ConnectionStrings__Ledger"] = database });

    /// <summary>Starts it with the given settings and waits until it is ready.</summary>
    public static async Task<WebProcess> StartAsync(string name, IReadOnlyDictionary<string, string> settings)
    {
        var url = $"http://127.0.0.1:{FreePorts.Tcp()}";
        var all = new Dictionary<string, string>(settings)
        {
            ["ASPNETCORE_URLS"] = url,
            ["LoginsPerMinute"] = "10000",
            ["FirstAdmin__Account"] = Admin,
            ["FirstAdmin__Password"] = AdminPassword,
            ["FirstAdmin__Number"] = "+493023125999",
        };
        var dll = Repository.Program("web", "OrleansCallback.Web");
        var program = ProgramProcess.Start(name, dll, Path.Combine(Repository.Root, "web"), all);
        var web = new WebProcess(program, new Uri(url));
        try
        {
            await program.ReadyAsync(new Uri(web.Http, "/readyz"));
            return web;
        }
        catch
        {
            await web.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Program.DisposeAsync();
}
