namespace OrleansCallback.Tests.Ledger;

public sealed class PostgresLedgerTests(PostgresServer server) : LedgerSuite
{
    private protected override async Task<LedgerUnderTest> OpenAsync() =>
        await LedgerUnderTest.OnPostgresAsync(await server.CreateDatabaseAsync());
}
