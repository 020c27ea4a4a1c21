namespace OrleansCallback.Trunks;

/// <summary>How one silo's registration with a carrier stands (RFC 3261 section 10).</summary>
/// <param name="State">Whether the carrier knows this silo.</param>
/// <param name="Code">The carrier's last final response; null: none came.</param>
/// <param name="Reason">What the last answer means, in words; empty while all is well.</param>
/// <param name="ExpiresAt">When the registration lapses unless it is refreshed; null: there is none.</param>
/// <param name="NextAt">When the next REGISTER goes out; null: one is under way.</param>
[GenerateSerializer, Immutable, Alias("TrunkRegistration")]
public sealed record TrunkRegistration(
    [property: Id(0)] TrunkRegistrationState State,
    [property: Id(1)] int? Code,
    [property: Id(2)] string Reason,
    [property: Id(3)] DateTimeOffset? ExpiresAt,
    [property: Id(4)] DateTimeOffset? NextAt);

/// <summary>Whether a carrier knows a silo. Wire form: snake case.</summary>
[GenerateSerializer, Alias("TrunkRegistrationState")]
public enum TrunkRegistrationState
{
    /// <summary>Asked for; nothing has come of it yet.</summary>
    Registering,
    /// <summary>The carrier knows it.</summary>
    Registered,
    /// <summary>The carrier does not, and is asked again.</summary>
    Failed,
}
