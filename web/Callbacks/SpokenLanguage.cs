using System.Text.RegularExpressions;

namespace OrleansCallback.Web.Callbacks;

/// <summary>What a language may be called that people are spoken to in.</summary>
public static partial class SpokenLanguage
{
    /// <summary>The rule as a sentence.</summary>
    public const string Rule = "language is a name of at most 16 letters, digits and hyphens such as en or zh.";

    /// <summary>Whether the text obeys <see cref="Rule"/>, or there is none.</summary>
    public static bool IsValid(string? text) => text is null || Pattern().IsMatch(text);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9-]{0,15}$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
