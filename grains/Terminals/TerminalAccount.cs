using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansCallback.Terminals;

/// <summary>Names and passwords of terminals.</summary>
public static partial class TerminalAccount
{
    /// <summary>Without signs that are mistaken for one another when they are typed into a phone.</summary>
    const string Signs = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>Whether a text can be an account: nothing else reaches a grain's key.</summary>
    public static bool IsValid(string text) => Pattern().IsMatch(text);

    /// <summary>An account that nobody has, as far as chance can tell: 31^9.</summary>
    public static string Draw() => "t" + RandomNumberGenerator.GetString(Signs, 9);

    /// <summary>A password of 99 bits.</summary>
    public static string DrawPassword() => RandomNumberGenerator.GetString(Signs, 20);

    /// <summary>What is kept of a password.</summary>
    public static TerminalSecrets Hash(string owner, string account, string domain, string password)
    {
        var text = Encoding.UTF8.GetBytes($"{account}:{domain}:{password}");
        // Phones that know nothing but MD5 are what digest authentication is spoken with (RFC 3261 section 22.4).
#pragma warning disable CA5351
        var md5 = Convert.ToHexStringLower(MD5.HashData(text));
#pragma warning restore CA5351
        return new(owner, md5, Convert.ToHexStringLower(SHA256.HashData(text)));
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{2,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
