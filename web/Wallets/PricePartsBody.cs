using OrleansCallback.Rates;

namespace OrleansCallback.Web.Wallets;

/// <summary>How the price of a leg came about. The parts sum to the price; the rate and the talk are enough to make them again.</summary>
/// <param name="Version">Version of the deck that the rate is from.</param>
/// <param name="Prefix">The prefix by which it was found; <c>+</c>: all numbers.</param>
/// <param name="Rate">The rate.</param>
/// <param name="TalkMs">Talk that is charged: what is proven, up to the grant; null if there was none.</param>
/// <param name="Attempted">The carrier took the leg on and nobody answered.</param>
/// <param name="BilledSeconds">The first increment and the next ones.</param>
/// <param name="ConnectFee">The connect fee.</param>
/// <param name="Time">The billed seconds at the price a minute, rounded half up.</param>
/// <param name="ToMinimum">What lacked to the minimum.</param>
/// <param name="AttemptFee">The attempt fee.</param>
public sealed record PricePartsBody(
    string Version,
    string Prefix,
    RateTermsBody Rate,
    long? TalkMs,
    bool Attempted,
    long BilledSeconds,
    MoneyBody ConnectFee,
    MoneyBody Time,
    MoneyBody ToMinimum,
    MoneyBody AttemptFee)
{
    /// <summary>The parts as finance sees them.</summary>
    public static PricePartsBody? From(LegPrice? price, string currency) => price is null ? null : new(
        price.Version, price.Prefix, RateTermsBody.From(price.Rate, currency), (long?)price.Talk?.TotalMilliseconds, price.Attempted,
        price.BilledSeconds,
        MoneyBody.From(price.ConnectFee, currency), MoneyBody.From(price.Time, currency), MoneyBody.From(price.ToMinimum, currency),
        MoneyBody.From(price.AttemptFee, currency));
}

/// <summary>The terms of a rate.</summary>
/// <param name="PerMinute">Price of a minute.</param>
/// <param name="ConnectFee">Charged once for a leg that talked.</param>
/// <param name="FirstIncrement">Length of the first increment in seconds.</param>
/// <param name="NextIncrement">Length of every further increment in seconds.</param>
/// <param name="Minimum">What a leg costs at least once its free seconds are over.</param>
/// <param name="FreeSeconds">Seconds from the answer on that are not billed.</param>
/// <param name="AttemptFee">Charged for a leg that the carrier took on and nobody answered.</param>
public sealed record RateTermsBody(
    MoneyBody PerMinute, MoneyBody ConnectFee, int FirstIncrement, int NextIncrement, MoneyBody Minimum, int FreeSeconds, MoneyBody AttemptFee)
{
    /// <summary>The terms as the API shows them.</summary>
    public static RateTermsBody From(Rate rate, string currency) => new(
        MoneyBody.From(rate.PerMinute, currency), MoneyBody.From(rate.ConnectFee, currency), rate.FirstIncrement, rate.NextIncrement,
        MoneyBody.From(rate.Minimum, currency), rate.FreeSeconds, MoneyBody.From(rate.AttemptFee, currency));
}
