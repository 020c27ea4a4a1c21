using OrleansCallback.Members;
using OrleansCallback.Web.Terminals;

namespace OrleansCallback.Web.Sessions;

/// <summary>Account and password.</summary>
/// <param name="Account">The account's name; case does not matter.</param>
/// <param name="Password">The password.</param>
public sealed record LogInBody(string? Account, string? Password);

/// <summary>A login.</summary>
/// <param name="Token">For programs: send it as <c>Authorization: Bearer …</c>. A page uses the cookie instead.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresAt">When the login ends (UTC).</param>
/// <param name="Member">Who logged in.</param>
public sealed record SessionBody(string Token, string TokenType, DateTimeOffset ExpiresAt, MemberBody Member);

/// <summary>A member's own profile.</summary>
/// <param name="Account">The account.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Number">The stored number to be rung, E.164.</param>
/// <param name="Roles">The account's roles.</param>
/// <param name="NumberProven">Whether an administrator vouches for the number: then a merchant may be shown it.</param>
/// <param name="Rings">What rings unless a callback's order says otherwise.</param>
public sealed record MemberBody(string Account, string Name, string Number, IReadOnlyList<string> Roles, bool NumberProven, Rings Rings)
{
    /// <summary>The profile as the API shows it.</summary>
    public static MemberBody From(MemberProfile profile) => new(
        profile.Account, profile.Name, profile.Number.E164, profile.Roles, profile.NumberProven, profile.RingsTerminal ? Rings.Terminal : Rings.Number);
}
