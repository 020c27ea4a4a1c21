using OrleansCallback.Calls;
using OrleansCallback.Web.Wallets;

namespace OrleansCallback.Web.Callbacks;

/// <summary>Ring me, then the merchant, and connect us.</summary>
/// <param name="Merchant">Id of the merchant whose button was clicked.</param>
/// <param name="Number">The number to be rung for the member in any national or international notation, or <c>terminal</c>; left out: what the member has chosen.</param>
/// <param name="Language">What the member is spoken to in: <c>en</c>, <c>zh</c>; left out, or not there: the merchant's language or the site's.</param>
public sealed record PlaceBody(string? Merchant, string? Number = null, string? Language = null)
{
    /// <summary>In place of a number: a VoIP terminal of the member's that is registered.</summary>
    public const string Terminal = "terminal";
}

/// <summary>A callback.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Merchant">The merchant's id.</param>
/// <param name="Number">The member's number that is rung; E.164, or <c>terminal</c>.</param>
/// <param name="Payer">Who pays.</param>
/// <param name="Status">Where it stands; completed, failed and canceled are final.</param>
/// <param name="Outcome">How it ended, once it has.</param>
/// <param name="EndReason">Why it ended, once it has.</param>
/// <param name="Charge">What it cost, once it is settled.</param>
/// <param name="CreatedAt">When it was placed (UTC).</param>
/// <param name="LastEvent">Number of its last event.</param>
public sealed record CallbackBody(
    string Id,
    string Merchant,
    string Number,
    Payer Payer,
    CallStatus Status,
    CallOutcome? Outcome,
    EndReasonBody? EndReason,
    MoneyBody? Charge,
    DateTimeOffset CreatedAt,
    long LastEvent)
{
    /// <summary>The callback as its member sees it.</summary>
    public static CallbackBody From(CallbackView view, string currency) => new(
        view.Id, view.Merchant, view.MemberNumber, view.Payer, view.Status, view.Outcome, EndReasonBody.From(view.EndReason),
        MoneyBody.From(view.Charge, currency), view.CreatedAt, view.LastEvent);
}

/// <summary>The cause of a callback's end as the network gave it.</summary>
/// <param name="SipCode">SIP status code, when one ended the call.</param>
/// <param name="Q850">Q.850 cause, when the network gave one.</param>
/// <param name="Party">Who ended the call.</param>
/// <param name="Message">A sentence for people where the rest does not say it.</param>
public sealed record EndReasonBody(int? SipCode, int? Q850, EndParty? Party, string? Message)
{
    /// <summary>The reason as the API shows it.</summary>
    public static EndReasonBody? From(EndReason? reason) => reason is null ? null : new(reason.SipCode, reason.Q850, reason.Party, reason.Message);
}

/// <summary>A step of a callback.</summary>
/// <param name="Number">From 1 without a gap; the SSE id.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Status">Where the callback stands since.</param>
/// <param name="Outcome">With the final event.</param>
/// <param name="EndReason">With the final event.</param>
/// <param name="Charge">With the final event.</param>
public sealed record EventBody(
    long Number, DateTimeOffset At, CallStatus Status, CallOutcome? Outcome, EndReasonBody? EndReason, MoneyBody? Charge)
{
    /// <summary>The event as it is sent.</summary>
    public static EventBody From(CallEvent step, string currency) => new(
        step.Number, step.At, step.Status, step.Outcome, EndReasonBody.From(step.EndReason), MoneyBody.From(step.Charge, currency));
}
