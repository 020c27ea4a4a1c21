using OrleansCallback.Wallets;

namespace OrleansCallback.Web.Wallets;

/// <summary>A wallet's money.</summary>
/// <param name="Wallet"><c>kind/owner</c>.</param>
/// <param name="Posted">Sum of its entries.</param>
/// <param name="Held">Sum of what is held for calls.</param>
/// <param name="CreditLimit">How far below zero it may go.</param>
/// <param name="Available">What a new call may take: posted + credit limit - held.</param>
/// <param name="Sequence">The ledger sequence that the figures are as of.</param>
public sealed record WalletBody(string Wallet, MoneyBody Posted, MoneyBody Held, MoneyBody CreditLimit, MoneyBody Available, long Sequence)
{
    /// <summary>The wallet as the API shows it.</summary>
    public static WalletBody From(string wallet, WalletBalance balance) => new(
        wallet,
        MoneyBody.From(balance.Posted, balance.Currency),
        MoneyBody.From(balance.Held, balance.Currency),
        MoneyBody.From(balance.CreditLimit, balance.Currency),
        MoneyBody.From(balance.Available, balance.Currency),
        balance.Sequence);
}

/// <summary>A payment into a wallet.</summary>
/// <param name="Micros">Above zero; 1000000 are one whole unit.</param>
/// <param name="Currency">ISO 4217; left out: the site's.</param>
public sealed record TopUpBody(long? Micros, string? Currency = null);

/// <summary>A page of a wallet's entries, oldest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="NextAfter">What to send as <c>after</c> for the next page; null if this is the last.</param>
public sealed record EntriesBody(IReadOnlyList<EntryBody> Entries, long? NextAfter);

/// <summary>One line of a balanced transaction.</summary>
/// <param name="Transaction">The transaction; its lines sum to zero.</param>
/// <param name="Account">The account.</param>
/// <param name="Sequence">The wallet's sequence.</param>
/// <param name="Amount">Negative where the account gives.</param>
/// <param name="Kind"><c>top_up</c> or <c>charge</c>.</param>
/// <param name="Callback">The callback that caused it.</param>
/// <param name="At">When (UTC, the database's clock).</param>
public sealed record EntryBody(
    string Transaction, string Account, long? Sequence, MoneyBody Amount, string Kind, string? Callback, DateTimeOffset At)
{
    /// <summary>The entry as the API shows it.</summary>
    public static EntryBody From(LedgerEntry entry, string currency) => new(
        entry.Transaction, entry.Account, entry.Sequence, MoneyBody.From(entry.Amount, currency), entry.Kind, entry.Callback, entry.At);
}
