namespace OrleansCallback.Tests.Ledger;

/// <summary>Tests that hold on either database, each with one of its own.</summary>
public abstract class OnEachDatabase : IAsyncLifetime
{
    private protected LedgerUnderTest under = null!;

    private protected abstract Task<LedgerUnderTest> OpenAsync();

    public async ValueTask InitializeAsync() => under = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await under.DisposeAsync();
    }
}
