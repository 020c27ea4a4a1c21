using OrleansCallback.Calls;
using OrleansCallback.Rates;

namespace OrleansCallback.Wallets;

/// <summary>
/// One payer's money; key: <see cref="GrainKeys.Wallet"/>. What lowers the available money is decided here in memory and answered when the
/// silo's writer has made it durable. Every command names itself by an id and may be repeated: the repeat gets the first answer.
/// </summary>
[Alias("IWalletGrain")]
public interface IWalletGrain : IGrainWithStringKey
{
    /// <summary>The balance as of a ledger sequence; null if the wallet was never opened.</summary>
    [Alias("Balance")]
    Task<WalletBalance?> Balance();

    /// <summary>Credits the wallet against the site's cash account; opens the wallet if it is new. Idempotent by <see cref="TopUp.Id"/>.</summary>
    [Alias("Credit")]
    Task<WalletResult> Credit(TopUp topUp);

    /// <summary>Holds money for a call and makes the call's first rows durable in the same commit.</summary>
    [Alias("Hold")]
    Task<HoldResult> Hold(HoldCommand command);

    /// <summary>Raises a pending hold so that a longer grant is covered, as far as the money goes. Idempotent by its slice number.</summary>
    [Alias("Extend")]
    Task<HoldResult> Extend(ExtendCommand command);

    /// <summary>Tells the wallet of a hold that was resolved past it, with the ledger sequence that this made; a gap makes it reload.</summary>
    [Alias("Resolved")]
    Task Resolved(HoldResolved resolved);
}

/// <summary>A wallet's money.</summary>
/// <param name="Posted">Sum of its entries.</param>
/// <param name="Held">Sum of its pending holds.</param>
/// <param name="CreditLimit">How far below zero it may go.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Sequence">The ledger sequence of this wallet that the figures are as of.</param>
[GenerateSerializer, Immutable, Alias("WalletBalance")]
public sealed record WalletBalance(
    [property: Id(0)] Money Posted,
    [property: Id(1)] Money Held,
    [property: Id(2)] Money CreditLimit,
    [property: Id(3)] string Currency,
    [property: Id(4)] long Sequence)
{
    /// <summary>What a new hold may take: posted + credit limit - held.</summary>
    public Money Available => Posted + CreditLimit - Held;
}

/// <summary>A payment into a wallet.</summary>
/// <param name="Id">The payer's own name for it; a repeat changes nothing.</param>
/// <param name="Amount">Above zero.</param>
/// <param name="Currency">ISO 4217; must be the wallet's if it is open.</param>
[GenerateSerializer, Immutable, Alias("TopUp")]
public sealed record TopUp([property: Id(0)] string Id, [property: Id(1)] Money Amount, [property: Id(2)] string Currency);

/// <summary>What became of a wallet command.</summary>
[GenerateSerializer, Alias("WalletResult")]
public enum WalletResult
{
    /// <summary>Durable.</summary>
    Done,
    /// <summary>Refused: not enough available.</summary>
    InsufficientFunds,
    /// <summary>Refused: the command contradicts what is durable (another amount under the same id, another currency, a hold that is resolved).</summary>
    Conflict,
    /// <summary>Not known whether it is durable: ask again with the same id.</summary>
    Unknown,
    /// <summary>Refused: another callback of the member, or of the number rung, is live.</summary>
    AlreadyActive,
}

/// <summary>Hold for a call that is to begin.</summary>
/// <param name="HoldId">Derives from the callback, so that a repeat finds the same hold.</param>
/// <param name="Price">The rates whose worst the hold covers; less than the first increment of both legs with their fees is refused.</param>
/// <param name="Slice">The grant that is wanted; less is given if the money does not reach.</param>
/// <param name="Call">The call's rows that become durable with the hold.</param>
[GenerateSerializer, Immutable, Alias("HoldCommand")]
public sealed record HoldCommand(
    [property: Id(0)] string HoldId,
    [property: Id(1)] GrantPrice Price,
    [property: Id(2)] TimeSpan Slice,
    [property: Id(3)] CallWrite Call);

/// <summary>Raise of a pending hold.</summary>
/// <param name="HoldId">The hold.</param>
/// <param name="SliceNumber">2 for the first extension; a repeat of the same number gets the same answer.</param>
/// <param name="Price">As in the hold.</param>
/// <param name="Grant">The grant that is wanted, counted from leg A's answer; less is given if the money does not reach.</param>
/// <param name="Call">The call's rows that become durable with it.</param>
[GenerateSerializer, Immutable, Alias("ExtendCommand")]
public sealed record ExtendCommand(
    [property: Id(0)] string HoldId,
    [property: Id(1)] int SliceNumber,
    [property: Id(2)] GrantPrice Price,
    [property: Id(3)] TimeSpan Grant,
    [property: Id(4)] CallWrite? Call);

/// <summary>What became of a hold or its extension.</summary>
/// <param name="Result">Done, or why not.</param>
/// <param name="Grant">The grant that the hold now covers, counted from leg A's answer.</param>
/// <param name="Held">The amount that the hold now has.</param>
[GenerateSerializer, Immutable, Alias("HoldResult")]
public sealed record HoldResult([property: Id(0)] WalletResult Result, [property: Id(1)] TimeSpan Grant, [property: Id(2)] Money Held);

/// <summary>A hold was resolved: <paramref name="Captured"/> was charged and the rest released.</summary>
[GenerateSerializer, Immutable, Alias("HoldResolved")]
public sealed record HoldResolved(
    [property: Id(0)] string HoldId,
    [property: Id(1)] Money Amount,
    [property: Id(2)] Money Captured,
    [property: Id(3)] long Sequence);
