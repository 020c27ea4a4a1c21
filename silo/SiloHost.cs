using OrleansCallback.Silo.Clustering;
using OrleansCallback.Silo.Drain;
using OrleansCallback.Silo.Health;
using OrleansCallback.Silo.Ledger;
using OrleansCallback.Silo.Legs;
using OrleansCallback.Silo.Rates;
using OrleansCallback.Silo.Schema;
using OrleansCallback.Silo.Settings;

namespace OrleansCallback.Silo;

/// <summary>A silo: grains, ledger, SIP legs, health, metrics.</summary>
public static class SiloHost
{
    /// <summary>Adds everything that a silo is to a program; the embedded default adds it to the web program.</summary>
    public static void AddCallbackSilo(this IHostApplicationBuilder builder)
    {
        builder.AddSiloSettings();
        builder.Services.AddLedger(builder.Configuration);
        builder.Services.AddHostedService<SchemaAtStart>();
        builder.Services.AddRates();
        // What follows starts when the silo is active.
        builder.AddSiloCluster();
        builder.Services.AddCalls();
        builder.AddCallLegs();
        builder.AddDrain();
        builder.Services.AddHostedService<WarmUp>();
        builder.Services.AddSiloHealth();
    }
}
