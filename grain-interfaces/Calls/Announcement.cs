namespace OrleansCallback.Calls;

/// <summary>What a leg is told once, before it goes on with what it heard.</summary>
/// <param name="Clips">Names of <see cref="Calls.Clips"/>, said one after the other.</param>
/// <param name="Language">The language; null, or one that the silo does not have: the site's.</param>
/// <param name="IsAwaited">The session waits for its end: <see cref="LegAnnounced"/> tells it.</param>
/// <param name="Confirmation">The person is asked to press 1; then the end is awaited.</param>
[GenerateSerializer, Immutable, Alias("Announcement")]
public sealed record Announcement(
    [property: Id(0)] IReadOnlyList<string> Clips,
    [property: Id(1)] string? Language,
    [property: Id(2)] bool IsAwaited = false,
    [property: Id(3)] Confirmation? Confirmation = null);

/// <summary>How a person is asked to press 1, so that no machine is taken for one.</summary>
/// <param name="Limit">How long each time after it was said.</param>
/// <param name="Repeats">How often it is said again, after a wrong key or when the limit has passed.</param>
[GenerateSerializer, Immutable, Alias("Confirmation")]
public sealed record Confirmation([property: Id(0)] TimeSpan Limit, [property: Id(1)] int Repeats)
{
    /// <summary>What holds where only the wish for it is told.</summary>
    public static Confirmation Usual { get; } = new(TimeSpan.FromSeconds(5), 2);
}

/// <summary>How an announcement ended.</summary>
[GenerateSerializer, Alias("AnnouncementEnd")]
public enum AnnouncementEnd
{
    /// <summary>It was said; nothing was asked.</summary>
    Said,
    /// <summary>The person pressed 1.</summary>
    Confirmed,
    /// <summary>The person did not, often enough.</summary>
    NotConfirmed,
}
