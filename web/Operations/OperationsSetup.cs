using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;

namespace OrleansCallback.Web.Operations;

/// <summary>What who runs the server needs: limits, health, metrics, the API's description.</summary>
public static class OperationsSetup
{
    const long LargestBody = 64 * 1024;
    const int LargestHeaders = 16 * 1024;
    const string ReadyTag = "ready";

    /// <summary>Registers limits, health checks and metrics.</summary>
    public static WebApplicationBuilder AddOperations(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.AddHealthChecks().AddCheck<ClusterCheck>("cluster", tags: [ReadyTag]);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddRuntimeInstrumentation()
            .AddMeter("Microsoft.Orleans", "OrleansCallback*")
            .AddPrometheusExporter());
        return builder;
    }

    /// <summary>Maps <c>/livez</c>, <c>/readyz</c>, <c>/metrics</c> and <c>/openapi/v1.json</c>.</summary>
    public static void MapOperations(this WebApplication app)
    {
        app.MapHealthChecks("/livez", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi();
    }
}
