using OpenTelemetry.Metrics;

namespace OrleansCallback.Silo.Telemetry;

/// <summary>Metrics for Prometheus.</summary>
public static class TelemetrySetup
{
    /// <summary>Collects the meters of this product, of Orleans and of the runtime.</summary>
    public static void AddCallbackMetrics(this IServiceCollection services, params string[] more) =>
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("OrleansCallback.*").AddMeter("Microsoft.Orleans").AddMeter(more)
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
}
