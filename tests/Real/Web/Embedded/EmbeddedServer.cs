using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.Extensions.DependencyInjection;
using OrleansCallback.Sip.Sandbox;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Tests.Web.Embedded;

/// <summary>The embedded default as a person starts it, on a folder of its own and a free port: web, silo, ledger file, sandbox carrier.</summary>
public sealed class EmbeddedServer : WebApplicationFactory<WebOptions>, IAsyncLifetime
{
    /// <summary>The collection whose classes share one server and run one after the other.</summary>
    public const string Shared = "embedded server";

    const int MostWarmUps = 10;

    readonly string? ownFolder;

    public EmbeddedServer() : this(null)
    {
    }

    internal EmbeddedServer(string? folder)
    {
        Folder = folder ?? (ownFolder = Directory.CreateTempSubdirectory("callback-test-").FullName);
        UseKestrel(0);
        StartServer();
    }

    public string Folder { get; }

    /// <summary>Places calls that are refused until one is decided in time: a cold process may need longer for its first than the API waits.</summary>
    public async ValueTask InitializeAsync()
    {
        using var http = await LogInAsync("bob");
        for (var tries = 0; tries < MostWarmUps; tries++)
        {
            using var answer = await http.PlaceAsync(new { merchant = "bakery" });
            if (answer.StatusCode == HttpStatusCode.PaymentRequired)
                return;
        }

        Assert.Fail($"After {MostWarmUps} tries the embedded server still decides on no call.");
    }

    public Uri Address => ClientOptions.BaseAddress;

    public SandboxCarrier Carrier => Services.GetRequiredService<SandboxCarrier>();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Data", Folder);
        builder.UseSetting("Quiet", "true");
        builder.UseSetting("LoginsPerMinute", "10000");
        builder.UseSetting("Terminals:Domain", "phones.test");
        builder.UseSetting("Silo:DrainLimit", "00:00:00");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
    }

    /// <summary>A program that is logged in with a bearer token.</summary>
    public async Task<HttpClient> LogInAsync(string account)
    {
        var http = CreateClient();
        using var answer = await http.PostAsJsonAsync("/v1/sessions", new { account, password = "callback" });
        answer.EnsureSuccessStatusCode();
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>A browser's way: the cookie is kept and sent.</summary>
    public HttpClient Browser() => CreateDefaultClient(Address, new CookieContainerHandler());

    /// <summary>How often the sandbox's phones of a number were rung.</summary>
    public int Rung(string number) => Carrier.Records.Count(record => record.Number == PhoneNumberPlan.Digits(number));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (ownFolder is not null)
            Directory.Delete(ownFolder, recursive: true);
    }
}
