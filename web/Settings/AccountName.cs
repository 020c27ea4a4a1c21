using System.Text.RegularExpressions;

namespace OrleansCallback.Web.Settings;

/// <summary>What an account may be called: nothing else reaches a grain's key.</summary>
public static partial class AccountName
{
    /// <summary>The longest password that is looked at.</summary>
    public const int LongestPassword = 256;

    /// <summary>The rule as a sentence.</summary>
    public const string Rule = "An account has 1 to 64 letters, digits and . _ @ + - and starts with a letter or digit.";

    /// <summary>Whether the text obeys <see cref="Rule"/>.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
