using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrleansCallback.Sip.Sandbox;

namespace OrleansCallback.Web.Embedded;

/// <summary>Says at the console where the embedded site is and how to log in, once it is served.</summary>
public sealed class Banner(IServer server, IHostApplicationLifetime lifetime, IConfiguration configuration, IServiceProvider services) : IHostedService
{
    /// <summary>Setting that keeps the console clear for a program's own output.</summary>
    public const string Quiet = "Quiet";

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!configuration.GetValue(Quiet, false))
            lifetime.ApplicationStarted.Register(Print);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    void Print()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var phones = services.GetService<SandboxCarrier>() is { } carrier
            ? $"simulated by the sandbox carrier at {carrier.EndPoint}"
            : "reached through the trunks that are configured";
        var (rich, poor, admin, password) = (SeedDirectory.RichAccount, SeedDirectory.PoorAccount, SeedDirectory.AdminAccount, SeedDirectory.Password);
        Console.WriteLine($"""

              OrleansCallback   {string.Join(", ", addresses)}
              log in as         {rich} / {password}   ({poor}, same password, has no credit; {admin} has all roles)
              phones            {phones}
              data              {configuration["Sqlite:File"]}

            """);
    }
}
