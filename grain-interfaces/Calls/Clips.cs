namespace OrleansCallback.Calls;

/// <summary>Names of what a silo can say to a leg. It has each of them in every language.</summary>
public static class Clips
{
    /// <summary>To the member, whose merchant is about to be rung.</summary>
    public const string Wait = "wait";

    /// <summary>To the member: press 1 to be connected.</summary>
    public const string PressToCall = "press_to_call";

    /// <summary>To the merchant: press 1 to take the call.</summary>
    public const string PressToTake = "press_to_take";

    /// <summary>To the merchant: a call from this site.</summary>
    public const string Whisper = "whisper";

    /// <summary>To the merchant: a call from a number, whose digits follow.</summary>
    public const string WhisperNumber = "whisper_number";

    /// <summary>To the member: the grant is about to end.</summary>
    public const string LowCredit = "low_credit";

    /// <summary>To the member: the merchant cannot be reached.</summary>
    public const string Refusal = "refusal";

    /// <summary>To both: the call is recorded.</summary>
    public const string Recording = "recording";

    /// <summary>All names, the digits among them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Wait, PressToCall, PressToTake, Whisper, WhisperNumber, LowCredit, Refusal, Recording, .. Digits("0123456789"),
    ];

    /// <summary>The names of digits, one by one; anything else in the text is passed over.</summary>
    public static IEnumerable<string> Digits(string text) => text.Where(char.IsAsciiDigit).Select(digit => digit.ToString());
}
