using Microsoft.Extensions.Options;
using OrleansCallback.Silo.Ledger;
using OrleansCallback.Silo.Ledger.Sqlite;
using OrleansCallback.Silo.Settings;

namespace OrleansCallback.Silo.Schema;

/// <summary>
/// Before anything else of the silo starts: brings a SQLite file, which belongs to this process alone, to the present schema, and refuses to start
/// on a PostgreSQL database that is behind, since other silos may be using it.
/// </summary>
sealed partial class SchemaAtStart(IOptions<LedgerOptions> options, ILogger<SchemaAtStart> logger) : IHostedLifecycleService, IDisposable
{
    FileClaim? claim;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsPostgres)
        {
            claim = FileClaim.Of(options.Value.File);
            Migrated(await SchemaMigrator.MigrateAsync(options.Value, cancellationToken));
            return;
        }

        if (await SchemaMigrator.MissingAsync(options.Value, cancellationToken) is > 0 and var missing)
            throw new SettingException(
                $"The database lacks {missing} migrations; run this program with the argument 'migrate' against ConnectionStrings:Ledger first.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => claim?.Dispose();

    [LoggerMessage(LogLevel.Information, "The schema is up to date; {Applied} migrations were applied.")]
    partial void Migrated(int applied);
}
