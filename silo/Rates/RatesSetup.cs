using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OrleansCallback.Rates;
using OrleansCallback.Silo.Ledger;
using OrleansCallback.Silo.Ledger.Postgres;
using OrleansCallback.Silo.Ledger.Sqlite;

namespace OrleansCallback.Silo.Rates;

static class RatesSetup
{
    /// <summary>Adds the decks of rates in the ledger's database; before the calls, which have no decks without it.</summary>
    public static IServiceCollection AddRates(this IServiceCollection services)
    {
        services.AddSingleton<IRateStore>(provider => provider.GetRequiredService<IOptions<LedgerOptions>>().Value.IsPostgres
            ? new PostgresRateStore(provider.GetRequiredService<PostgresConnections>())
            : new SqliteRateStore(provider.GetRequiredService<SqliteStore>()));
        services.AddSingleton(Catalog);
        services.AddHostedService<RateRefresh>();
        return services;
    }

    static RateCatalog Catalog(IServiceProvider provider)
    {
        var catalog = new RateCatalog(null);
        provider.GetRequiredService<IMeterFactory>().Create("OrleansCallback.Rates").CreateObservableGauge(
            "callback.rate.revision", () => catalog.Current?.Revision ?? -1, description: "Revision of the decks in force; -1: none was read yet.");
        return catalog;
    }
}
