namespace OrleansCallback.Members;

/// <summary>A member's account: login and the number to be rung. Key: <see cref="GrainKeys.Member"/>.</summary>
[Alias("IMemberGrain")]
public interface IMemberGrain : IGrainWithStringKey
{
    /// <summary>
    /// Checks a password (Argon2id, RFC 9106). After repeated failures the next try has to wait, longer each time. An unknown account costs
    /// the same time and gets the same answer as a wrong password.
    /// </summary>
    [Alias("LogIn")]
    Task<LogInResult> LogIn(string password);

    /// <summary>The member's profile; null if there is no such account.</summary>
    [Alias("Profile")]
    Task<MemberProfile?> Profile();

    /// <summary>Makes the account, or changes it; what is null stays as it is.</summary>
    [Alias("Register")]
    Task Register(MemberRegistration registration);

    /// <summary>Chooses what rings unless the member says otherwise for one call: a VoIP terminal or the stored number. False: no such account.</summary>
    [Alias("RingTerminal")]
    Task<bool> RingTerminal(bool terminal);
}

/// <summary>What became of a login.</summary>
/// <param name="Kind">Accepted or why not.</param>
/// <param name="RetryAfter">With <see cref="LogInKind.TooManyFailures"/>: when the next try is looked at.</param>
/// <param name="Profile">With <see cref="LogInKind.Accepted"/>.</param>
[GenerateSerializer, Immutable, Alias("LogInResult")]
public sealed record LogInResult(
    [property: Id(0)] LogInKind Kind,
    [property: Id(1)] TimeSpan? RetryAfter = null,
    [property: Id(2)] MemberProfile? Profile = null);

/// <summary>Kinds of <see cref="LogInResult"/>.</summary>
[GenerateSerializer, Alias("LogInKind")]
public enum LogInKind
{
    /// <summary>Account and password are right.</summary>
    Accepted,
    /// <summary>Account or password is wrong; which of them is not said.</summary>
    Refused,
    /// <summary>Too many failures: not looked at.</summary>
    TooManyFailures,
}

/// <summary>What a member may see of the own account. A number that is proven may be shown to who is called.</summary>
[GenerateSerializer, Immutable, Alias("MemberProfile")]
public sealed record MemberProfile(
    [property: Id(0)] string Account,
    [property: Id(1)] string Name,
    [property: Id(2)] PhoneNumber Number,
    [property: Id(3)] IReadOnlyList<string> Roles,
    [property: Id(4)] bool NumberProven = false,
    [property: Id(5)] bool RingsTerminal = false);

/// <summary>A new account or changes to one.</summary>
/// <param name="Account">The account's name as the member writes it.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Number">The number to be rung.</param>
/// <param name="Password">In the clear, at most 256 characters; stored as Argon2id hash only. Null: unchanged.</param>
/// <param name="Roles">member, merchant, site_admin, finance, operator. Null: unchanged, for a new account member alone.</param>
/// <param name="NumberProven">
/// Whether an administrator vouches that the number is the member's. Null: unchanged while the number is; a number that changes is not proven.
/// </param>
[GenerateSerializer, Immutable, Alias("MemberRegistration")]
public sealed record MemberRegistration(
    [property: Id(0)] string Account,
    [property: Id(1)] string Name,
    [property: Id(2)] PhoneNumber Number,
    [property: Id(3)] string? Password = null,
    [property: Id(4)] IReadOnlyList<string>? Roles = null,
    [property: Id(5)] bool? NumberProven = null);
