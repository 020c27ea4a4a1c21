namespace OrleansCallback.Rates;

/// <summary>A version of a deck without its lines.</summary>
/// <param name="Deck">The deck.</param>
/// <param name="Number">From 1 in the order of the imports.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TimeZone">The zone of its hours: an IANA name.</param>
/// <param name="ValidFrom">When it takes over from the version before.</param>
/// <param name="ValidTo">When it ends; null: when another takes over.</param>
public sealed record DeckVersion(string Deck, int Number, string Currency, string TimeZone, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo)
{
    /// <summary>How calls name it.</summary>
    public string Name { get; } = FormattableString.Invariant($"{Deck}@{Number}");

    /// <summary>Of several versions the one in force: the one that took over last; of those that took over at once, the one imported last.</summary>
    public static DeckVersion? InForce(IEnumerable<DeckVersion> versions, DateTimeOffset at) => versions
        .Where(version => version.ValidFrom <= at && !(version.ValidTo <= at))
        .MaxBy(version => (version.ValidFrom, version.Number));
}

/// <summary>A version with its lines, as calls are priced from it.</summary>
public sealed class LoadedVersion(DeckVersion version, RateTable rates)
{
    readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(version.TimeZone);

    /// <summary>The version.</summary>
    public DeckVersion Version => version;

    /// <summary>The rate of a number; null if it has none then.</summary>
    public TrunkRate? Of(string trunk, PhoneNumber number, DateTimeOffset at) =>
        rates.TryFind(number.E164, RateMoment.Of(at, zone), out var rate, out var digits)
            ? new(trunk, version.Name, number.E164[..(digits + 1)], rate!)
            : null;
}
