using OrleansCallback.Calls;
using OrleansCallback.Wallets;
using OrleansCallback.Web.Callbacks;

namespace OrleansCallback.Web.Wallets;

/// <summary>Call detail record of an ended callback.</summary>
/// <param name="Callback">The callback.</param>
/// <param name="Merchant">The merchant.</param>
/// <param name="Wallet">The wallet that paid.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="EndReason">Why it ended.</param>
/// <param name="RateVersion">The versions of the decks that its prices were frozen from, joined by <c>+</c>.</param>
/// <param name="LegA">The member's leg; null if it was never dialled.</param>
/// <param name="LegB">The merchant's leg; null if it was never dialled.</param>
/// <param name="Charge">What was charged.</param>
/// <param name="Held">What the last grant was worth.</param>
/// <param name="CreatedAt">When it was placed (UTC).</param>
/// <param name="EndedAt">When it ended (UTC).</param>
public sealed record CdrBody(
    string Callback,
    string Merchant,
    string Wallet,
    CallOutcome Outcome,
    EndReasonBody? EndReason,
    string RateVersion,
    CdrLegBody? LegA,
    CdrLegBody? LegB,
    MoneyBody Charge,
    MoneyBody Held,
    DateTimeOffset CreatedAt,
    DateTimeOffset EndedAt)
{
    /// <summary>The record as finance sees it.</summary>
    public static CdrBody From(CallDetailRecord cdr, string currency) => new(
        cdr.Callback, cdr.Merchant, cdr.Wallet, cdr.Outcome, EndReasonBody.From(cdr.EndReason), cdr.RateVersion,
        CdrLegBody.From(cdr.LegA, currency), CdrLegBody.From(cdr.LegB, currency),
        MoneyBody.From(cdr.Charge, currency), MoneyBody.From(cdr.Held, currency), cdr.CreatedAt, cdr.EndedAt);
}

/// <summary>A leg's part of a call detail record.</summary>
/// <param name="Trunk">The trunk.</param>
/// <param name="Silo">The silo that held it.</param>
/// <param name="DialledAt">When its attempt was made durable (UTC).</param>
/// <param name="AnsweredAt">When it was answered (UTC).</param>
/// <param name="EndedAt">When it ended (UTC).</param>
/// <param name="TalkMs">Proven talk time in milliseconds; null if it was not answered.</param>
/// <param name="End">How it ended.</param>
/// <param name="SipCode">SIP status code, if one ended it.</param>
/// <param name="Q850">Q.850 cause, if the network gave one.</param>
/// <param name="PacketsIn">RTP packets from the phone.</param>
/// <param name="PacketsOut">RTP packets to the phone.</param>
/// <param name="Price">Its part of the charge.</param>
/// <param name="PriceParts">How the price came about; null: the call is not charged.</param>
public sealed record CdrLegBody(
    string Trunk,
    string Silo,
    DateTimeOffset? DialledAt,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt,
    long? TalkMs,
    LegEnd? End,
    int? SipCode,
    int? Q850,
    long PacketsIn,
    long PacketsOut,
    MoneyBody Price,
    PricePartsBody? PriceParts)
{
    /// <summary>The leg as finance sees it.</summary>
    public static CdrLegBody? From(CdrLeg? leg, string currency) => leg is null ? null : new(
        leg.Trunk, leg.Silo, leg.DialledAt, leg.AnsweredAt, leg.EndedAt, (long?)leg.Talk?.TotalMilliseconds, leg.End, leg.SipCode, leg.Q850,
        leg.PacketsIn, leg.PacketsOut, MoneyBody.From(leg.Price, currency), PricePartsBody.From(leg.PriceParts, currency));
}
