using OrleansCallback.Calls;

namespace OrleansCallback.Merchants;

/// <summary>What is said in calls of a merchant's button.</summary>
/// <param name="MemberConfirms">The member must press 1 before the merchant is rung; null: need not.</param>
/// <param name="MerchantConfirms">Who answers the merchant's phone must press 1 before the bridge; null: need not.</param>
/// <param name="Whisper">The merchant is told before the bridge what call this is.</param>
/// <param name="Language">What the merchant is spoken to in, and the member who chose none; null: the site's.</param>
[GenerateSerializer, Immutable, Alias("MerchantPrompts")]
public sealed record MerchantPrompts(
    [property: Id(0)] Confirmation? MemberConfirms = null,
    [property: Id(1)] Confirmation? MerchantConfirms = null,
    [property: Id(2)] bool Whisper = false,
    [property: Id(3)] string? Language = null);
