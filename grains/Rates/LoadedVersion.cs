namespace OrleansCallback.Rates;

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
