using OrleansCallback.Wallets;

namespace OrleansCallback.Tests;

public sealed class LedgerReadTests(CallCluster cluster)
{
    [Theory]
    [InlineData("main")]
    [InlineData("my-site")]
    public async Task A_site_reads_its_own_ledger_whatever_its_name(string site) =>
        Assert.Equal(site, Assert.Single(await cluster.Grains.GetGrain<ILedgerReadGrain>(site).Entries("member/alice", 0, 1)).Transaction);
}

/// <summary>Tells in each entry which site it was asked for.</summary>
public sealed class FakeLedgerReader : ILedgerReader
{
    public Task<IReadOnlyList<LedgerEntry>> EntriesAsync(string site, string wallet, long after, int most, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>([new(site, wallet, 1, new(1), "top_up", null, DateTimeOffset.UnixEpoch)]);

    public Task<CallDetailRecord?> CdrAsync(string site, string callback, CancellationToken cancellation) => Task.FromResult<CallDetailRecord?>(null);
}
