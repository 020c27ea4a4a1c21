using System.Globalization;
using Microsoft.Extensions.Configuration.Memory;
using OrleansCallback.Silo;
using OrleansCallback.Sip.Sandbox;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Embedded;

/// <summary>The default: web, silo, ledger file, a carrier with simulated phones and a directory, all in this process.</summary>
public static class EmbeddedSetup
{
    /// <summary>What a second of a leg costs over the sandbox: 0.03 a minute.</summary>
    public const long SandboxRatePerSecond = 500;

    /// <summary>What stands in From.</summary>
    public const string CallerId = "+493023125000";

    /// <summary>Adds the silo; a trunk that is configured takes the sandbox's place.</summary>
    public static void AddEmbeddedSilo(this WebApplicationBuilder builder)
    {
        var defaults = new Dictionary<string, string?>
        {
            ["Store"] = WebOptions.EmbeddedStore,
            ["Sqlite:File"] = LedgerFile(builder),
            ["Silo:Port"] = "0",
            ["Silo:GatewayPort"] = "0",
            ["Silo:DrainLimit"] = "00:00:05",
        };
        if (!builder.Configuration.GetSection("Trunks").GetChildren().Any())
            builder.AddSandbox(defaults);
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
        builder.AddCallbackSilo();
    }

    /// <summary>Adds what a new site starts with; after the silo, so that its grains are there.</summary>
    public static void AddSeed(this WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService<Seed>();
        builder.Services.AddHostedService<Banner>();
    }

    static void AddSandbox(this WebApplicationBuilder builder, Dictionary<string, string?> defaults)
    {
        var carrier = new SandboxCarrier();
        builder.Services.AddSingleton(_ => carrier); // by a factory, so that the container disposes it
        defaults["Trunks:sandbox:Address"] = carrier.EndPoint.ToString();
        defaults["Trunks:sandbox:CallerId"] = CallerId;
        defaults["Trunks:sandbox:RatePerSecond"] = SandboxRatePerSecond.ToString(CultureInfo.InvariantCulture);
    }

    static string LedgerFile(WebApplicationBuilder builder)
    {
        var folder = Path.Combine(builder.Environment.ContentRootPath, builder.Configuration["Data"] ?? new WebOptions().Data);
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, "callback.db");
    }
}
