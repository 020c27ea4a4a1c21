using System.Diagnostics.CodeAnalysis;
using PhoneNumbers;

namespace OrleansCallback;

/// <summary>A telephone number in E.164 form (ITU-T E.164): <c>+</c>, country code, national number, at most 15 digits.</summary>
[GenerateSerializer, Immutable, Alias("PhoneNumber")]
public readonly record struct PhoneNumber
{
    const int LongestInput = 64;

    PhoneNumber(string e164) => E164 = e164;

    /// <summary>The number with its leading plus sign.</summary>
    [Id(0)] public string E164 { get; init; }

    /// <summary>
    /// Reads any national or international notation.
    /// </summary>
    /// <param name="text">What a person typed.</param>
    /// <param name="region">ISO 3166 region in whose national notation numbers without a country code are read: <c>DE</c>.</param>
    /// <param name="number">The number, when true is returned.</param>
    /// <param name="error">What is wrong with the text, in a sentence for the person who typed it, when false is returned.</param>
    public static bool TryParse(string? text, string region, out PhoneNumber number, [NotNullWhen(false)] out string? error)
    {
        number = default;
        if (string.IsNullOrWhiteSpace(text))
        {
            error = "Enter a telephone number.";
            return false;
        }

        if (text.Length > LongestInput)
        {
            error = $"A telephone number has at most {LongestInput} characters.";
            return false;
        }

        return TryNormalise(text, region, out number, out error);
    }

    /// <summary>Takes a number that is already in E.164 form, as our own stores hold it; throws <see cref="FormatException"/> otherwise.</summary>
    public static PhoneNumber FromE164(string e164) =>
        e164 is ['+', >= '1' and <= '9', ..] && e164.Length is >= 5 and <= 16 && e164.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
            ? new(e164)
            : throw new FormatException($"'{e164}' is not an E.164 number.");

    /// <summary>The number with its last four digits alone readable, for pages and logs that need no more.</summary>
    public string Masked() => string.Concat(E164.AsSpan(0, Math.Min(3, E164.Length)), "…", E164.AsSpan(Math.Max(0, E164.Length - 4)));

    /// <inheritdoc/>
    public override string ToString() => E164;

    static bool TryNormalise(string text, string region, out PhoneNumber number, [NotNullWhen(false)] out string? error)
    {
        number = default;
        var numbers = PhoneNumberUtil.GetInstance();
        try
        {
            var parsed = numbers.Parse(text, region);
            if (parsed.HasExtension)
            {
                error = $"'{text}' has an extension; a number that can be rung directly is needed.";
                return false;
            }

            if (!numbers.IsValidNumber(parsed))
            {
                error = $"'{text}' is not a number that can be rung: check the digits, or write it with + and the country code.";
                return false;
            }

            number = new(numbers.Format(parsed, PhoneNumberFormat.E164));
            error = null;
            return true;
        }
        catch (NumberParseException)
        {
            error = $"'{text}' is not a telephone number.";
            return false;
        }
    }
}
