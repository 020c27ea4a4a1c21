namespace OrleansCallback.Tests.Ledger;

public sealed class SqliteLedgerTests : LedgerSuite
{
    private protected override Task<LedgerUnderTest> OpenAsync() => LedgerUnderTest.OnSqliteAsync();
}
