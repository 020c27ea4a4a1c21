using System.Diagnostics.CodeAnalysis;

namespace OrleansCallback.Trunks;

/// <summary>
/// How a trunk wants numbers written in Request-URI, To and From: <c>e164</c> (+49…), <c>digits</c> (49…), <c>national:49</c> (0…; other
/// countries 0043…), <c>national:1:1:011</c> (its own trunk and international prefix), or <c>prefix:9900</c> (a fixed prefix before the digits).
/// </summary>
public sealed record NumberFormat
{
    /// <summary>What may be written in a setting, in a sentence for the person who writes it.</summary>
    public const string Rule =
        "write e164 (+4930…), digits (4930…), national:<country code>[:<trunk prefix>[:<international prefix>]] (030…), or prefix:<digits> (99004930…)";

    const int LongestPrefix = 16;

    /// <summary>With the leading plus sign.</summary>
    public static readonly NumberFormat E164 = new("+", null, "");

    readonly string others;
    readonly string? country;
    readonly string trunkPrefix;

    NumberFormat(string others, string? country, string trunkPrefix) => (this.others, this.country, this.trunkPrefix) = (others, country, trunkPrefix);

    /// <summary>Reads a setting.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NumberFormat? format)
    {
        var parts = text.Split(':');
        format = parts switch
        {
            ["e164"] or [""] => E164,
            ["digits"] => new("", null, ""),
            ["prefix", var prefix] when IsPrefix(prefix) && prefix.Length > 0 => new(prefix, null, ""),
            ["national", var country] when IsCountry(country) => new("00", country, "0"),
            ["national", var country, var trunk] when IsCountry(country) && IsPrefix(trunk) => new("00", country, trunk),
            ["national", var country, var trunk, var abroad] when IsCountry(country) && IsPrefix(trunk) && IsPrefix(abroad) => new(abroad, country, trunk),
            _ => null,
        };
        return format is not null;
    }

    /// <summary>The number as the trunk wants it.</summary>
    public string Write(PhoneNumber number)
    {
        var digits = number.E164[1..];
        return country is not null && digits.StartsWith(country, StringComparison.Ordinal) ? trunkPrefix + digits[country.Length..] : others + digits;
    }

    static bool IsCountry(string text) => text.Length is >= 1 and <= 3 && text[0] != '0' && IsPrefix(text);

    static bool IsPrefix(string text) => text.Length <= LongestPrefix && text.All(c => c is (>= '0' and <= '9') or '*' or '#' or '+');
}
