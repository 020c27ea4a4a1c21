namespace OrleansCallback.Rates;

/// <summary>The decks of rates as they are stored. Every method throws if the database is away.</summary>
public interface IRateStore
{
    /// <summary>Rises with each change of a site's decks and assignments.</summary>
    Task<long> RevisionAsync(string site, CancellationToken cancellation);

    /// <summary>All versions and assignments of a site.</summary>
    Task<StoredRates> ReadAsync(string site, CancellationToken cancellation);

    /// <summary>Lines of a stored version after one of its file, in their order; none if there is no such version.</summary>
    Task<IReadOnlyList<DeckRate>> LinesAsync(string site, string deck, int version, int after, int most, CancellationToken cancellation);

    /// <summary>Marks a version as used, after which it stays for ever. False: it is not there any more.</summary>
    Task<bool> UseAsync(string site, string deck, int version, CancellationToken cancellation);

    /// <summary>Stores a new version. One import of a deck at a time.</summary>
    /// <returns>Its number.</returns>
    Task<int> ImportAsync(string site, DeckImport import, CancellationToken cancellation);

    /// <summary>Deletes a version that is not used.</summary>
    Task<RemovedVersion> RemoveAsync(string site, string deck, int version, CancellationToken cancellation);

    /// <summary>Assigns a deck, in place of the one that was assigned before.</summary>
    Task AssignAsync(string site, DeckAssignment assignment, CancellationToken cancellation);

    /// <summary>Takes an assignment away. False: there was none.</summary>
    Task<bool> UnassignAsync(string site, string trunk, Calls.Payer? payer, CancellationToken cancellation);
}

/// <summary>A version that is to be stored.</summary>
/// <param name="Deck">The deck.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TimeZone">The zone of its hours: an IANA name.</param>
/// <param name="ValidFrom">When it takes over.</param>
/// <param name="ValidTo">When it ends; null: when another takes over.</param>
/// <param name="ImportedBy">The account of who imports it.</param>
/// <param name="Lines">Its lines, no two of which overlap; at least one.</param>
public sealed record DeckImport(
    string Deck,
    string Currency,
    string TimeZone,
    DateTimeOffset ValidFrom,
    DateTimeOffset? ValidTo,
    string ImportedBy,
    IReadOnlyList<DeckRate> Lines);
