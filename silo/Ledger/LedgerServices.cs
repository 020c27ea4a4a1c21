using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Ledger.Postgres;
using OrleansCallback.Silo.Ledger.Sqlite;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger;

public static class LedgerServices
{
    /// <summary>
    /// Adds <see cref="ILedger"/> and <see cref="ILedgerReader"/> over the store that <c>Store</c> names. The schema is not touched:
    /// call <see cref="Schema.SchemaMigrator"/> before the first write.
    /// </summary>
    public static IServiceCollection AddLedger(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LedgerOptions>()
            .Configure(options => options.Read(configuration))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<LedgerOptions>, LedgerOptionsValidator>();
        services.AddSingleton(provider => new PostgresConnections(Options(provider).ConnectionString));
        services.AddSingleton(provider => new SqliteStore(Options(provider).File));
        services.AddSingleton<ILedgerStore>(provider => Options(provider) is { IsPostgres: true } options
            ? new PostgresStore(provider.GetRequiredService<PostgresConnections>(), options.Silo)
            : provider.GetRequiredService<SqliteStore>());
        services.AddSingleton<ILedgerReader>(provider => Options(provider).IsPostgres
            ? new PostgresReader(provider.GetRequiredService<PostgresConnections>())
            : new SqliteReader(Options(provider).File));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ILedger, GroupCommitLedger>();
        return services;
    }

    static LedgerOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<LedgerOptions>>().Value;
}
