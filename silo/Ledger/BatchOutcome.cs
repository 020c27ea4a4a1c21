using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger;

/// <summary>What became of one transaction of the writer.</summary>
abstract record BatchOutcome
{
    /// <summary>Durable, with the answer to each write in their order.</summary>
    public sealed record Applied(IReadOnlyList<WriteResult> Results) : BatchOutcome;

    /// <summary>Rolled back because the data of at least one write broke a constraint.</summary>
    public sealed record Faulty(DataFault Fault, Exception Error) : BatchOutcome;

    /// <summary>Rolled back, or never begun, for a reason that may pass: a lock, a deadlock, a full disk.</summary>
    public sealed record NotApplied(Exception Error) : BatchOutcome;

    /// <summary>The connection was lost before the answer: ask <see cref="ILedgerStore.RecoverAsync"/>.</summary>
    public sealed record Lost(Exception Error) : BatchOutcome;
}

/// <summary>Which kind of constraint a write broke.</summary>
enum DataFault
{
    /// <summary>A unique key: the row is there already.</summary>
    Identity,
    /// <summary>The wallet's floor.</summary>
    Floor,
    /// <summary>Anything else: a fault of ours.</summary>
    Other,
}
