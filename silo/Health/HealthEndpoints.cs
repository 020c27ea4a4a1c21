using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansCallback.Silo.Drain;
using Orleans.Runtime;

namespace OrleansCallback.Silo.Health;

/// <summary>Liveness says that the process runs; readiness that the silo is active in its cluster and takes new calls.</summary>
public static class HealthEndpoints
{
    const string Ready = "ready";

    /// <summary>Registers the readiness check of a silo.</summary>
    public static void AddSiloHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<SiloReadiness>("silo", tags: [Ready]);

    /// <summary>Maps <c>/livez</c> and <c>/readyz</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/livez", new HealthCheckOptions { Predicate = _ => false });
        routes.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) });
    }

    sealed class SiloReadiness(IServiceProvider services, DrainState drain) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (drain.Draining) return Task.FromResult(HealthCheckResult.Unhealthy("draining"));
            var status = services.GetRequiredService<ISiloStatusOracle>().CurrentStatus;
            return Task.FromResult(status == SiloStatus.Active ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"silo is {status}"));
        }
    }
}
