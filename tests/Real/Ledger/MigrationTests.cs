using OrleansCallback.Silo.Ledger;
using OrleansCallback.Silo.Schema;

namespace OrleansCallback.Tests.Ledger;

public sealed class MigrationTests(PostgresServer server)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_several_migrators_at_once_on_PostgreSQL_one_makes_the_schema_and_the_rest_find_it() =>
        await MigrateAtOnceAsync(new() { Store = LedgerOptions.Postgres, ConnectionString = await server.CreateDatabaseAsync() });

    [Fact]
    public async Task Of_several_migrators_at_once_on_SQLite_one_makes_the_schema_and_the_rest_find_it()
    {
        var folder = Directory.CreateTempSubdirectory("orleanscallback-schema-").FullName;
        await MigrateAtOnceAsync(new() { File = Path.Combine(folder, "ledger.db") });
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("mysql", "x.db", "", "Store is 'mysql'. Write 'sqlite'")]
    [InlineData("sqlite", "", "", "Sqlite:File is empty. Write the path")]
    [InlineData("sqlite", "/no/such/folder/x.db", "", "no folder '/no/such/folder'")]
    [InlineData("postgres", "x.db", "", "ConnectionStrings:Ledger is empty. Write 'Host=")]
    [InlineData("postgres", "x.db", "Database=x", "names no Host")]
    [InlineData("postgres", "x.db", "Hots=x", "cannot be read")]
    public void A_wrong_setting_is_named_with_what_to_write(string store, string file, string connection, string message)
    {
        var result = new LedgerOptionsValidator().Validate(null, new() { Store = store, File = file, ConnectionString = connection });
        Assert.Contains(message, result.FailureMessage, StringComparison.Ordinal);
    }

    static async Task MigrateAtOnceAsync(LedgerOptions options)
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SchemaMigrator.MigrateAsync(options, Stop)));
        Assert.Single(applied, count => count > 0);
        Assert.Equal(0, await SchemaMigrator.MigrateAsync(options, Stop));
    }
}
