using OrleansCallback.Tests.Ledger;

namespace OrleansCallback.Tests.Rates;

public sealed class SqliteRateStoreTests : RateStoreSuite
{
    private protected override Task<LedgerUnderTest> OpenAsync() => LedgerUnderTest.OnSqliteAsync();
}
