using System.Security.Cryptography;
using System.Text;

namespace OrleansCallback.Calls;

/// <summary>What a member asks for: ring me on this number, then the merchant, and connect us.</summary>
/// <param name="Site">The tenant.</param>
/// <param name="Caller">The member's account.</param>
/// <param name="IdempotencyKey">The caller's own name for this request: a repeat with it finds the same callback.</param>
/// <param name="Merchant">Id of the merchant whose button was clicked.</param>
/// <param name="MemberNumber">The number to be rung for leg A, as the member confirmed or changed it.</param>
/// <param name="OnTerminal">The member is to be rung on a registered VoIP terminal in place of that number.</param>
/// <param name="Language">What the member is spoken to in; null: the merchant's language or the site's.</param>
[GenerateSerializer, Immutable, Alias("CallbackRequest")]
public sealed record CallbackRequest(
    [property: Id(0)] string Site,
    [property: Id(1)] string Caller,
    [property: Id(2)] string IdempotencyKey,
    [property: Id(3)] string Merchant,
    [property: Id(4)] PhoneNumber MemberNumber,
    [property: Id(5)] bool OnTerminal = false,
    [property: Id(6)] string? Language = null)
{
    /// <summary>The callback's id, the same for every repeat: derived from site, caller and key. 26 characters, no personal data readable.</summary>
    public string CallbackId => IdFor(Site, Caller, IdempotencyKey);

    /// <summary>Hash of what was asked: the same key with another body is another request and is refused.</summary>
    public string BodyHash => Hash($"{Merchant}\n{MemberNumber.E164}{(OnTerminal ? "\nterminal" : "")}{(Language is null ? "" : $"\nlanguage {Language}")}", 32);

    /// <summary>The id of the callback that this caller placed under this key.</summary>
    public static string IdFor(string site, string caller, string idempotencyKey) =>
        "cb" + Hash($"{site}\n{caller.ToLowerInvariant()}\n{idempotencyKey}", 12);

    static string Hash(string text, int bytes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, bytes));
}
