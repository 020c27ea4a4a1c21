using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansCallback.Calls;
using OrleansCallback.Members;
using OrleansCallback.Merchants;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Tests.Web.StandIn;

/// <summary>The web server on a stand-in cluster, behind real HTTP.</summary>
public sealed class StandInServer : WebApplicationFactory<WebOptions>
{
    public StandInCluster Cluster { get; } = new();

    /// <summary>Setting of the limit on logins from one address.</summary>
    public int LoginsPerMinute { get; init; } = 10_000;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public StandInServer()
    {
        UseKestrel(0);
        var number = PhoneNumber.FromE164("+493023125001");
        var alice = new MemberProfile("Alice", "Alice", number, ["member"]);
        Cluster.Members["alice"] = new() { Known = alice, Answer = new(LogInKind.Accepted, Profile: alice) };
        Cluster.Members["slowed"] = new() { Answer = new(LogInKind.TooManyFailures, TimeSpan.FromSeconds(6.5)) };
        Cluster.Merchants["bakery"] = new("bakery", "Bakery", "Bread", number, Payer.Member);
        Cluster.OnPlace = _ => new(AdmissionKind.Undecided, null);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Store", "postgres");
        builder.UseSetting("ConnectionStrings:Ledger", "Host=nowhere.invalid");
        builder.UseSetting("LoginsPerMinute", $"{LoginsPerMinute}");
        builder.ConfigureTestServices(services =>
        {
            foreach (var client in services.Where(IsOrleansService).ToList())
                services.Remove(client);
            services.Replace(ServiceDescriptor.Singleton(Time));
            services.Replace(ServiceDescriptor.Singleton(StandInGrains.Over(Cluster)));
        });
    }

    public async Task<HttpClient> LogInAsync(string account = "alice")
    {
        var http = CreateClient();
        var answer = await http.PostAsJsonAsync("/v1/sessions", new { account, password = "anything goes" });
        answer.EnsureSuccessStatusCode();
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    static bool IsOrleansService(ServiceDescriptor service) =>
        service.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService)
        && !service.IsKeyedService
        && (service.ImplementationType ?? service.ImplementationFactory?.Method.DeclaringType)?.Namespace?.StartsWith("Orleans.", StringComparison.Ordinal) == true;
}
