namespace OrleansCallback.Rates.Files;

/// <summary>What a new version changes against another: lines are the same if they are for the same prefix, hours and validity.</summary>
public sealed class DeckDifference
{
    /// <summary>How many of each kind are shown.</summary>
    public const int MostSamples = 10;

    readonly List<DeckChange> samples = [];

    /// <summary>Lines that are new.</summary>
    public int Added { get; private set; }

    /// <summary>Lines whose terms or destination are others.</summary>
    public int Changed { get; private set; }

    /// <summary>Lines that are not there any more.</summary>
    public int Removed { get; private set; }

    /// <summary>Lines that stay as they are.</summary>
    public int Unchanged { get; private set; }

    /// <summary>The first of each kind.</summary>
    public IReadOnlyList<DeckChange> Samples => samples;

    /// <summary>Compares two versions.</summary>
    public static DeckDifference Between(IEnumerable<DeckRate> before, IEnumerable<DeckRate> after)
    {
        var (difference, old) = (new DeckDifference(), before.ToDictionary(KeyOf));
        foreach (var line in after)
        {
            if (!old.Remove(KeyOf(line), out var was)) difference.Note(++difference.Added, null, line);
            else if (was.Rate != line.Rate || was.Destination != line.Destination) difference.Note(++difference.Changed, was, line);
            else difference.Unchanged++;
        }

        foreach (var gone in old.Values.OrderBy(line => line.Line)) difference.Note(++difference.Removed, gone, null);
        return difference;
    }

    void Note(int count, DeckRate? before, DeckRate? after)
    {
        if (count <= MostSamples) samples.Add(new(before, after));
    }

    static (string Prefix, RateWindow? Window, DateTimeOffset? From, DateTimeOffset? To) KeyOf(DeckRate line) =>
        (line.Prefix, line.Window, line.ValidFrom, line.ValidTo);
}

/// <summary>A line that is new, changed or gone.</summary>
/// <param name="Before">As it was; null: it is new.</param>
/// <param name="After">As it will be; null: it is gone.</param>
public sealed record DeckChange(DeckRate? Before, DeckRate? After);
