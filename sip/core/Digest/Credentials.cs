namespace OrleansCallback.Sip;

/// <summary>User name and password for digest authentication. The password does not show in the text form.</summary>
/// <param name="Username">The user name.</param>
/// <param name="Password">The password.</param>
public sealed record Credentials(string Username, string Password)
{
    /// <summary>The user name alone.</summary>
    public override string ToString() => $"Credentials {{ Username = {Username} }}";
}
