namespace OrleansCallback.Web.Wallets;

/// <summary>An amount.</summary>
/// <param name="Micros">Integer micro-units: 1000000 are one whole unit of the currency.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record MoneyBody(long Micros, string Currency)
{
    /// <summary>The amount as the API shows it.</summary>
    public static MoneyBody From(Money money, string currency) => new(money.Micros, currency);

    /// <summary>The amount as the API shows it, if there is one.</summary>
    public static MoneyBody? From(Money? money, string currency) => money is { } amount ? From(amount, currency) : null;
}
