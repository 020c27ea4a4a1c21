using OrleansCallback.Silo.Clustering;
using OrleansCallback.Silo.Drain;
using OrleansCallback.Silo.Health;
using OrleansCallback.Silo.Legs;
using OrleansCallback.Silo.Settings;
using OrleansCallback.Silo.Telemetry;

namespace OrleansCallback.Silo;

/// <summary>A silo: grains, ledger, SIP legs, health, metrics.</summary>
public static class SiloHost
{
    /// <summary>Adds everything that a silo is to a program; the embedded default adds it to the web program.</summary>
    public static void AddCallbackSilo(this IHostApplicationBuilder builder)
    {
        builder.AddSiloSettings();
        builder.AddSiloLedger();
        builder.AddCallLegs();
        builder.AddDrain();
        builder.Services.AddSiloHealth();
        builder.AddSiloCluster();
    }
}
