namespace OrleansCallback.Rates;

/// <summary>A line of a deck: what numbers of a prefix cost in some hours and between two moments.</summary>
/// <param name="Prefix"><c>+</c> and digits; <c>+</c>: all numbers.</param>
/// <param name="Rate">The terms.</param>
public sealed record DeckRate(string Prefix, Rate Rate)
{
    /// <summary>Most lines of one prefix.</summary>
    public const int MostOfPrefix = 64;

    /// <summary>The hours in which it counts, on the deck's clock; null: whenever no line with hours does.</summary>
    public RateWindow? Window { get; init; }

    /// <summary>The first moment at which it counts; null: no limit.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>The first moment at which it does not count any more; null: no limit.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>The destination's name, for people.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Its line in the file that it came from.</summary>
    public int Line { get; init; }

    /// <summary>Whether there is a moment at which both would count for a number of their prefix.</summary>
    public bool Overlaps(DeckRate other) =>
        Prefix == other.Prefix
        && (ValidFrom ?? DateTimeOffset.MinValue) < (other.ValidTo ?? DateTimeOffset.MaxValue)
        && (other.ValidFrom ?? DateTimeOffset.MinValue) < (ValidTo ?? DateTimeOffset.MaxValue)
        && (Window, other.Window) switch
        {
            (null, null) => true,
            ({ } one, { } two) => one.Overlaps(two),
            _ => false,
        };
}
