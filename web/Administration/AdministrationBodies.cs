using OrleansCallback.Calls;
using OrleansCallback.Merchants;
using OrleansCallback.Web.Terminals;

namespace OrleansCallback.Web.Administration;

/// <summary>A merchant as its administrator writes it.</summary>
/// <param name="Name">As shown on the page.</param>
/// <param name="Description">A line for the directory.</param>
/// <param name="Number">The number to be called, in any notation.</param>
/// <param name="Payer">Who pays for calls from this button.</param>
/// <param name="Sponsor">The sponsor's id when the payer is the sponsor.</param>
/// <param name="Rings">What rings: the number, or a VoIP terminal of the merchant's that is registered.</param>
/// <param name="ConfirmMember">The member must press 1 before the merchant is rung; left out: need not.</param>
/// <param name="ConfirmMerchant">Who answers for the merchant must press 1 before being connected; left out: need not.</param>
/// <param name="Whisper">Who answers for the merchant is told before being connected what call this is.</param>
/// <param name="Language">What the merchant is spoken to in, and a member who asks for no other; left out: the site's.</param>
public sealed record PutMerchantBody(
    string? Name, string? Description, string? Number, Payer? Payer, string? Sponsor = null, Rings Rings = Rings.Number,
    ConfirmationBody? ConfirmMember = null, ConfirmationBody? ConfirmMerchant = null, bool Whisper = false, string? Language = null)
{
    /// <summary>What is said in the merchant's calls.</summary>
    public MerchantPrompts Prompts => new(ConfirmationBody.Of(ConfirmMember), ConfirmationBody.Of(ConfirmMerchant), Whisper, Language);
}

/// <summary>A merchant as its administrator sees it.</summary>
/// <param name="Id">The merchant's id.</param>
/// <param name="Name">As shown on the page.</param>
/// <param name="Description">A line for the directory.</param>
/// <param name="Number">The number to be called; E.164.</param>
/// <param name="Payer">Who pays.</param>
/// <param name="Sponsor">The sponsor's id when the payer is the sponsor.</param>
/// <param name="Rings">What rings.</param>
/// <param name="ConfirmMember">How the member is asked to press 1.</param>
/// <param name="ConfirmMerchant">How who answers for the merchant is asked to press 1.</param>
/// <param name="Whisper">Whether who answers for the merchant is told what call this is.</param>
/// <param name="Language">What the merchant is spoken to in.</param>
public sealed record AdminMerchantBody(
    string Id, string Name, string Description, string Number, Payer Payer, string? Sponsor, Rings Rings, ConfirmationBody? ConfirmMember,
    ConfirmationBody? ConfirmMerchant, bool Whisper, string? Language)
{
    /// <summary>The merchant as its administrator sees it.</summary>
    public static AdminMerchantBody From(Merchant merchant) =>
        new(merchant.Id, merchant.Name, merchant.Description, merchant.Number.E164, merchant.Payer, merchant.Sponsor,
            merchant.RingsTerminal ? Rings.Terminal : Rings.Number, ConfirmationBody.From(merchant.Prompts?.MemberConfirms),
            ConfirmationBody.From(merchant.Prompts?.MerchantConfirms), merchant.Prompts?.Whisper ?? false, merchant.Prompts?.Language);
}

/// <summary>An account as its administrator writes it.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Number">The number to be rung, in any notation.</param>
/// <param name="Password">8 to 256 characters; left out: unchanged, needed for a new account.</param>
/// <param name="Roles">Left out: unchanged, for a new account member alone.</param>
/// <param name="NumberProven">
/// Whether the number is known to be the member's, so that merchants may be shown it. Left out: unchanged while the number is; another number is not
/// proven.
/// </param>
public sealed record PutMemberBody(
    string? Name, string? Number, string? Password = null, IReadOnlyList<string>? Roles = null, bool? NumberProven = null);
