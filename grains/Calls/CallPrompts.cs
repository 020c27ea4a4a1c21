using System.Text.Json.Serialization;
using OrleansCallback.Merchants;

namespace OrleansCallback.Calls;

/// <summary>What is said to the two legs of a call; settled when it is placed.</summary>
public sealed record CallPrompts
{
    /// <summary>The member is asked to wait.</summary>
    public bool Wait { get; init; }

    /// <summary>The member is told when the merchant cannot be reached.</summary>
    public bool Refusal { get; init; }

    /// <summary>How long before the end of the grant the member is told; zero: never.</summary>
    public TimeSpan LowCredit { get; init; }

    /// <summary>The merchant is told what call this is.</summary>
    public bool Whisper { get; init; }

    /// <summary>The member must press 1.</summary>
    public Confirmation? MemberConfirms { get; init; }

    /// <summary>The merchant must press 1.</summary>
    public Confirmation? MerchantConfirms { get; init; }

    /// <summary>The member's language; null: the site's.</summary>
    public string? MemberLanguage { get; init; }

    /// <summary>The merchant's language; null: the site's.</summary>
    public string? MerchantLanguage { get; init; }

    /// <summary>What leg A is told when it has answered: to press 1, or to wait.</summary>
    [JsonIgnore]
    public Announcement? ToMember =>
        MemberConfirms is not null ? new([Clips.PressToCall], MemberLanguage, IsAwaited: true, MemberConfirms)
        : Wait ? new([Clips.Wait], MemberLanguage)
        : null;

    /// <summary>What leg A is told before it is hung up because leg B cannot be had; null: nothing.</summary>
    [JsonIgnore]
    public Announcement? Farewell => Refusal ? new([Clips.Refusal], MemberLanguage) : null;

    /// <summary>What the site, the merchant and the member have chosen.</summary>
    public static CallPrompts Of(CallOptions options, MerchantPrompts? merchant, string? memberLanguage) => new()
    {
        Wait = options.WaitPrompt,
        Refusal = options.RefusalPrompt,
        LowCredit = options.LowCreditWarning,
        Whisper = merchant?.Whisper ?? false,
        MemberConfirms = merchant?.MemberConfirms,
        MerchantConfirms = merchant?.MerchantConfirms,
        MemberLanguage = memberLanguage ?? merchant?.Language,
        MerchantLanguage = merchant?.Language,
    };

    /// <summary>
    /// The word to leg A before its grant ends: after more was asked for in vain, and early enough to be heard; null: none.
    /// </summary>
    /// <param name="renewWhenLeft">What is left when more is asked for.</param>
    public GrantWarning? Warning(TimeSpan renewWhenLeft)
    {
        var afterAsking = renewWhenLeft * 2 / 3;
        var whenLeft = LowCredit < afterAsking ? LowCredit : afterAsking;
        return whenLeft < CallLimits.ShortestWarning ? null : new(whenLeft, new([Clips.LowCredit], MemberLanguage));
    }

    /// <summary>What leg B is told when it has answered: whose call it is, to press 1, or both; null: nothing.</summary>
    /// <param name="caller">The number that the merchant is shown as the member's; null: none is.</param>
    public Announcement? ToMerchant(PhoneNumber? caller)
    {
        string[] clips =
        [
            .. !Whisper ? [] : caller is { } number ? [Clips.WhisperNumber, .. Clips.Digits(number.E164)] : (string[])[Clips.Whisper],
            .. MerchantConfirms is null ? [] : (string[])[Clips.PressToTake],
        ];
        return clips.Length == 0 ? null : new(clips, MerchantLanguage, IsAwaited: true, MerchantConfirms);
    }
}
