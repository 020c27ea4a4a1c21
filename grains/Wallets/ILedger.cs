using OrleansCallback.Calls;

namespace OrleansCallback.Wallets;

/// <summary>
/// The durable truth of wallets and calls. One writer per silo gathers what all its wallets and calls wait for into one transaction
/// (group commit); a task completes when the commit that carries its write is durable.
/// </summary>
public interface ILedger
{
    /// <summary>
    /// Takes over a wallet: raises its epoch, which fences every other activation, and reads it with its pending holds.
    /// </summary>
    /// <param name="site">The tenant.</param>
    /// <param name="wallet">The wallet's id: <c>member/alice</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null if there is no such wallet.</returns>
    Task<WalletRow?> OpenWallet(string site, string wallet, CancellationToken cancellation);

    /// <summary>Takes over a call: raises its version, which fences every other activation, and reads it. Null if there is no such call.</summary>
    Task<CallRow?> OpenCall(string site, string callback, CancellationToken cancellation);

    /// <summary>The events of a call with a number above <paramref name="after"/>, in order.</summary>
    Task<IReadOnlyList<CallEvent>> Events(string site, string callback, long after, CancellationToken cancellation);

    /// <summary>Makes one atomic write durable. Never throws for an outcome: a lost database is <see cref="WriteOutcome.Unknown"/>.</summary>
    Task<WriteResult> Write(LedgerWrite write, CancellationToken cancellation);

    /// <summary>Calls whose hold is pending past its <c>expires_at</c> on the database's clock, or all that are pending if told so.</summary>
    Task<IReadOnlyList<(string Site, string Callback)>> Expired(bool all, int most, CancellationToken cancellation);
}

/// <summary>One atomic write: all of its parts become durable in one commit, or none does.</summary>
public sealed record LedgerWrite
{
    /// <summary>The tenant that every row of it carries.</summary>
    public required string Site { get; init; }

    /// <summary>Lowers a wallet's available money; needs the epoch.</summary>
    public WalletHold? Hold { get; init; }

    /// <summary>Credits a wallet.</summary>
    public WalletCredit? Credit { get; init; }

    /// <summary>Writes a call's rows, fenced by its version.</summary>
    public CallWrite? Call { get; init; }

    /// <summary>Resolves a hold with its entries, CDR and outbox row; needs no epoch: pending → resolved on the hold is its own fence.</summary>
    public Settlement? Settlement { get; init; }
}

/// <summary>Places a hold (slice 1) or raises it (slice 2 and on). The floor is checked in SQL as well as by the wallet grain.</summary>
/// <param name="Wallet">The wallet's id.</param>
/// <param name="Epoch">The epoch under which the grain opened the wallet.</param>
/// <param name="HoldId">The hold.</param>
/// <param name="Callback">The call that it is for.</param>
/// <param name="Slice">1 places the hold, n raises the hold that has slice n - 1.</param>
/// <param name="Delta">By how much held money grows.</param>
/// <param name="Grant">The grant that the hold then covers.</param>
/// <param name="ExpiresIn">From now on the database's clock.</param>
public sealed record WalletHold(
    string Wallet, long Epoch, string HoldId, string Callback, int Slice, Money Delta, TimeSpan Grant, TimeSpan ExpiresIn);

/// <summary>Credits a wallet against the cash account; opens it if it is new. The id is unique per site and wallet.</summary>
public sealed record WalletCredit(string Wallet, string Id, Money Amount, string Currency);

/// <summary>Captures part of a hold, releases the rest, writes CDR and outbox row.</summary>
/// <param name="HoldId">The hold, null for a call that never held.</param>
/// <param name="Wallet">The hold's wallet.</param>
/// <param name="Captured">At most what is held; the rest is released.</param>
/// <param name="Cdr">The call detail record.</param>
public sealed record Settlement(string? HoldId, string Wallet, Money Captured, CallDetailRecord Cdr);

/// <summary>What became of a write.</summary>
public enum WriteOutcome
{
    /// <summary>Durable.</summary>
    Committed,
    /// <summary>The wallet's epoch is another's, or the floor would be broken: memory is no longer the truth. Nothing of it was written.</summary>
    WalletFenced,
    /// <summary>The call's version is another's. Nothing of it was written.</summary>
    CallFenced,
    /// <summary>A row of that identity is there already (a hold, a callback, a credit, a resolved hold). Nothing of it was written.</summary>
    Duplicate,
    /// <summary>The database was lost or too slow: it may be durable or not. Open the wallet or the call again to know.</summary>
    Unknown,
    /// <summary>The writer's queue is full, or the database is known to be away: nothing of it was written.</summary>
    Rejected,
    /// <summary>Another callback of the member, or of the number rung, is live. Nothing of it was written.</summary>
    AlreadyActive,
}

/// <summary>What became of a write.</summary>
/// <param name="Outcome">Durable, or why not.</param>
/// <param name="WalletSequence">The wallet's sequence after the write, when it touched one.</param>
/// <param name="HeldAmount">With a settlement: what the hold amounted to.</param>
public sealed record WriteResult(WriteOutcome Outcome, long WalletSequence = 0, Money HeldAmount = default);

/// <summary>A wallet as it was read when it was opened.</summary>
public sealed record WalletRow(
    string Wallet, long Epoch, long Sequence, Money Posted, Money Held, Money CreditLimit, string Currency, IReadOnlyList<HoldRow> Pending);

/// <summary>A pending hold.</summary>
public sealed record HoldRow(string HoldId, string Callback, int Slice, Money Amount, TimeSpan Grant);

/// <summary>A call as it was read when it was opened.</summary>
/// <param name="Version">The version that the next write must expect.</param>
/// <param name="Request">What was asked for, with the numbers while they are not erased.</param>
/// <param name="BodyHash">Hash of the body of the first request.</param>
/// <param name="MerchantNumber">Number of leg B.</param>
/// <param name="Payer">Who pays.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="State">The session's state as JSON.</param>
/// <param name="Attempts">Its attempts.</param>
/// <param name="CreatedAt">When it was placed.</param>
/// <param name="Charge">The charge, once settled.</param>
/// <param name="LastEvent">Number of its last event.</param>
/// <param name="EndReason">Why it ended.</param>
public sealed record CallRow(
    long Version,
    CallbackRequest Request,
    string BodyHash,
    string? MerchantNumber,
    Payer Payer,
    CallStatus Status,
    CallOutcome? Outcome,
    EndReason? EndReason,
    string State,
    IReadOnlyList<AttemptRow> Attempts,
    DateTimeOffset CreatedAt,
    Money? Charge,
    long LastEvent);
