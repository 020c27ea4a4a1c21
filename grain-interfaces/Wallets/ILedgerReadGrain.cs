using OrleansCallback.Calls;
using OrleansCallback.Rates;

namespace OrleansCallback.Wallets;

/// <summary>Reads the ledger on a read-only connection; a stateless worker, key: the site.</summary>
[Alias("ILedgerReadGrain")]
public interface ILedgerReadGrain : IGrainWithStringKey
{
    /// <summary>Entries of a wallet with a sequence above <paramref name="after"/>, oldest first, at most 2,000.</summary>
    [Alias("Entries")]
    Task<IReadOnlyList<LedgerEntry>> Entries(string wallet, long after, int most);

    /// <summary>The call detail record of an ended callback; null before its settlement.</summary>
    [Alias("Cdr")]
    Task<CallDetailRecord?> Cdr(string callback);
}

/// <summary>One line of a balanced transaction.</summary>
/// <param name="Transaction">The transaction; its lines sum to zero.</param>
/// <param name="Account"><c>wallet:member/alice</c>, <c>revenue</c>, <c>cash</c>.</param>
/// <param name="Sequence">The wallet's sequence; null for internal accounts.</param>
/// <param name="Amount">Negative where the account gives.</param>
/// <param name="Kind"><c>top_up</c> or <c>charge</c>.</param>
/// <param name="Callback">The callback that caused it, if one did.</param>
/// <param name="At">When (UTC, the database's clock).</param>
[GenerateSerializer, Immutable, Alias("LedgerEntry")]
public sealed record LedgerEntry(
    [property: Id(0)] string Transaction,
    [property: Id(1)] string Account,
    [property: Id(2)] long? Sequence,
    [property: Id(3)] Money Amount,
    [property: Id(4)] string Kind,
    [property: Id(5)] string? Callback,
    [property: Id(6)] DateTimeOffset At);

/// <summary>Call detail record: one per callback whose money was held or that was refused.</summary>
[GenerateSerializer, Immutable, Alias("CallDetailRecord")]
public sealed record CallDetailRecord
{
    /// <summary>The callback.</summary>
    [Id(0)] public required string Callback { get; init; }

    /// <summary>The merchant.</summary>
    [Id(1)] public required string Merchant { get; init; }

    /// <summary>The wallet that paid.</summary>
    [Id(2)] public required string Wallet { get; init; }

    /// <summary>How it ended.</summary>
    [Id(3)] public required CallOutcome Outcome { get; init; }

    /// <summary>Why it ended.</summary>
    [Id(4)] public required EndReason EndReason { get; init; }

    /// <summary>The versions of the decks that its prices were frozen from, joined by <c>+</c>.</summary>
    [Id(5)] public required string RateVersion { get; init; }

    /// <summary>Leg A, null if it was never dialled.</summary>
    [Id(6)] public CdrLeg? LegA { get; init; }

    /// <summary>Leg B, null if it was never dialled.</summary>
    [Id(7)] public CdrLeg? LegB { get; init; }

    /// <summary>What was charged.</summary>
    [Id(8)] public required Money Charge { get; init; }

    /// <summary>What the last grant was worth.</summary>
    [Id(9)] public required Money Held { get; init; }

    /// <summary>When it was placed (UTC).</summary>
    [Id(10)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended (UTC).</summary>
    [Id(11)] public required DateTimeOffset EndedAt { get; init; }
}

/// <summary>A leg's part of a call detail record.</summary>
/// <param name="Trunk">The trunk.</param>
/// <param name="Silo">The silo that held it.</param>
/// <param name="DialledAt">When its attempt was made durable (UTC).</param>
/// <param name="AnsweredAt">When it was answered (UTC).</param>
/// <param name="EndedAt">When it ended (UTC).</param>
/// <param name="Talk">Proven talk time, null if it was not answered.</param>
/// <param name="End">How it ended.</param>
/// <param name="SipCode">SIP status code, if one ended it.</param>
/// <param name="Q850">Q.850 cause, if the network gave one.</param>
/// <param name="PacketsIn">RTP packets from the phone.</param>
/// <param name="PacketsOut">RTP packets to the phone.</param>
/// <param name="Price">Its part of the charge.</param>
/// <param name="PriceParts">How the price came about; null: the call is not charged.</param>
[GenerateSerializer, Immutable, Alias("CdrLeg")]
public sealed record CdrLeg(
    [property: Id(0)] string Trunk,
    [property: Id(1)] string Silo,
    [property: Id(2)] DateTimeOffset? DialledAt,
    [property: Id(3)] DateTimeOffset? AnsweredAt,
    [property: Id(4)] DateTimeOffset? EndedAt,
    [property: Id(5)] TimeSpan? Talk,
    [property: Id(6)] LegEnd? End,
    [property: Id(7)] int? SipCode,
    [property: Id(8)] int? Q850,
    [property: Id(9)] long PacketsIn,
    [property: Id(10)] long PacketsOut,
    [property: Id(11)] Money Price,
    [property: Id(12)] LegPrice? PriceParts = null);
