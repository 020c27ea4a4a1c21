namespace OrleansCallback.Members;

/// <summary>A member as it is stored.</summary>
public sealed class MemberState
{
    /// <summary>The account's name as the member writes it.</summary>
    public string Account { get; set; } = "";

    /// <summary>The member's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>The number to be rung, E.164.</summary>
    public string Number { get; set; } = "";

    /// <summary>An administrator vouches that the number is the member's.</summary>
    public bool NumberProven { get; set; }

    /// <summary>A VoIP terminal rings in place of the number.</summary>
    public bool RingsTerminal { get; set; }

    /// <summary><see cref="PasswordHash"/>; empty: no login.</summary>
    public string Password { get; set; } = "";

    /// <summary>Roles.</summary>
    public List<string> Roles { get; set; } = [];
}
