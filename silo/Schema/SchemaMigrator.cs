using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using OrleansCallback.Silo.Ledger;
using OrleansCallback.Silo.Ledger.Sqlite;

namespace OrleansCallback.Silo.Schema;

/// <summary>
/// Brings a database to this program's schema. All missing scripts are applied in one transaction under a lock, so that several may start
/// at once and a failed one leaves nothing behind.
/// </summary>
public static class SchemaMigrator
{
    /// <summary>Any number that no other program locks in this database.</summary>
    const long AdvisoryLock = 0x4F43_5343_4845_4D41;
    const int LockLimitSeconds = 60;

    const string VersionTable = "create table if not exists schema_version (version integer primary key, name text not null)";

    /// <summary>Applies what is missing; returns how many scripts that were.</summary>
    public static Task<int> MigrateAsync(LedgerOptions options, CancellationToken cancellation) => options.IsPostgres
        ? MigratePostgresAsync(options.ConnectionString, cancellation)
        : Task.Run(() => MigrateSqlite(options.File), cancellation);

    /// <summary>How many scripts a PostgreSQL database lacks; changes nothing.</summary>
    public static async Task<int> MissingAsync(LedgerOptions options, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(options.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var known = new NpgsqlCommand("select to_regclass('schema_version') is not null", connection);
        if (await known.ExecuteScalarAsync(cancellation) is not true) return Migration.Of(LedgerOptions.Postgres).Count;
        await using var count = new NpgsqlCommand("select array_agg(version) from schema_version", connection);
        var applied = await count.ExecuteScalarAsync(cancellation) as int[] ?? [];
        return Missing(LedgerOptions.Postgres, [.. applied]).Count;
    }

    static async Task<int> MigratePostgresAsync(string connectionString, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = LockLimitSeconds, Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock({AdvisoryLock})"));
        await ExecuteAsync(VersionTable);
        var missing = Missing(LedgerOptions.Postgres, await AppliedAsync());
        foreach (var migration in missing)
        {
            await ExecuteAsync(migration.Sql);
            await ExecuteAsync(Record(migration));
        }

        await transaction.CommitAsync(cancellation);
        return missing.Count;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellation);
        }

        async Task<HashSet<int>> AppliedAsync()
        {
            var applied = new HashSet<int>();
            await using var command = new NpgsqlCommand("select version from schema_version", connection, transaction);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) applied.Add(reader.GetInt32(0));
            return applied;
        }
    }

    static int MigrateSqlite(string file)
    {
        using var connection = SqliteFile.OpenWriter(file);
        Execute("begin exclusive");
        try
        {
            Execute(VersionTable);
            var missing = Missing(LedgerOptions.Sqlite, Applied());
            foreach (var migration in missing)
            {
                Execute(migration.Sql);
                Execute(Record(migration));
            }

            Execute("commit");
            return missing.Count;
        }
        catch (SqliteException)
        {
            Execute("rollback");
            throw;
        }

        void Execute(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        HashSet<int> Applied()
        {
            var applied = new HashSet<int>();
            using var command = connection.CreateCommand();
            command.CommandText = "select version from schema_version";
            using var reader = command.ExecuteReader();
            while (reader.Read()) applied.Add(reader.GetInt32(0));
            return applied;
        }
    }

    static List<Migration> Missing(string dialect, HashSet<int> applied) =>
        [.. Migration.Of(dialect).Where(migration => !applied.Contains(migration.Version))];

    static string Record(Migration migration) => string.Create(
        CultureInfo.InvariantCulture, $"insert into schema_version (version, name) values ({migration.Version}, '{migration.Name}')");
}
