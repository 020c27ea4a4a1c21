using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger;

/// <summary>One dialect of the ledger. The writer's methods are called by one caller at a time.</summary>
interface ILedgerStore : IAsyncDisposable
{
    /// <summary>Makes the writer's connection if there is none; throws what the driver throws.</summary>
    Task ConnectAsync(CancellationToken cancellation);

    /// <summary>
    /// Writes a batch in one transaction. No two writes of it touch the same call or hold, or credit the same wallet. Each is checked
    /// against the rows as the writes before it leave them; those that pass become durable together.
    /// </summary>
    Task<BatchOutcome> WriteAsync(IReadOnlyList<LedgerWrite> batch, CancellationToken cancellation);

    /// <summary>
    /// After <see cref="BatchOutcome.Lost"/>: the answers to that batch, or null if it was not applied and never will be.
    /// Throws what the driver throws while the database is away.
    /// </summary>
    Task<IReadOnlyList<WriteResult>?> RecoverAsync(CancellationToken cancellation);

    /// <inheritdoc cref="ILedger.OpenWallet"/>
    Task<WalletRow?> OpenWalletAsync(string site, string wallet, CancellationToken cancellation);

    /// <inheritdoc cref="ILedger.OpenCall"/>
    Task<CallRow?> OpenCallAsync(string site, string callback, CancellationToken cancellation);

    /// <inheritdoc cref="ILedger.Events"/>
    Task<IReadOnlyList<CallEvent>> EventsAsync(string site, string callback, long after, CancellationToken cancellation);

    /// <inheritdoc cref="ILedger.Expired"/>
    Task<IReadOnlyList<(string Site, string Callback)>> ExpiredAsync(bool all, int most, CancellationToken cancellation);
}
