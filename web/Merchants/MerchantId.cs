using System.Text.RegularExpressions;

namespace OrleansCallback.Web.Merchants;

/// <summary>What a merchant's id may look like: nothing else reaches a grain's key.</summary>
public static partial class MerchantId
{
    /// <summary>The rule as a sentence.</summary>
    public const string Rule = "An id has 1 to 64 lower-case letters, digits and hyphens and starts with a letter or digit.";

    /// <summary>Whether the text obeys <see cref="Rule"/>.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
