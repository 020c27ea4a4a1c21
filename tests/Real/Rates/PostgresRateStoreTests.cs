using System.Data.Common;
using OrleansCallback.Tests.Ledger;

namespace OrleansCallback.Tests.Rates;

public sealed class PostgresRateStoreTests(PostgresServer server) : RateStoreSuite
{
    [Theory]
    [InlineData("truncate rate")]
    [InlineData("truncate rate_version")]
    public async Task Decks_are_never_truncated(string sql)
    {
        await using var under = await OpenAsync();
        await Assert.ThrowsAnyAsync<DbException>(() => under.ExecuteAsync(sql));
    }

    private protected override async Task<LedgerUnderTest> OpenAsync() =>
        await LedgerUnderTest.OnPostgresAsync(await server.CreateDatabaseAsync());
}
