using System.Security.Claims;
using OrleansCallback.Members;

namespace OrleansCallback.Web.Security;

/// <summary>What a login's ticket says.</summary>
public static class Login
{
    const string Account = "account";
    const string Id = "login";
    const string Role = "role";

    /// <summary>A ticket for a member who has shown the right password.</summary>
    public static ClaimsPrincipal For(MemberProfile profile, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, Account, Role);
        identity.AddClaim(new(Account, profile.Account));
        identity.AddClaim(new(Id, Guid.NewGuid().ToString("n")));
        foreach (var role in profile.Roles)
            identity.AddClaim(new(Role, role));
        return new(identity);
    }

    /// <summary>The account of a ticket that was checked.</summary>
    public static string AccountOf(ClaimsPrincipal user) =>
        user.FindFirstValue(Account) ?? throw new InvalidOperationException("A login without an account passed authorization.");

    /// <summary>The login's own id, by which it can be ended.</summary>
    public static string? IdOf(ClaimsPrincipal user) => user.FindFirstValue(Id);
}
