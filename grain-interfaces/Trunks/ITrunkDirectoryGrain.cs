namespace OrleansCallback.Trunks;

/// <summary>
/// What administrators changed of a site's trunks and routes, over what the configuration says. Silos ask for news every second.
/// Key: <see cref="GrainKeys.TrunkDirectory"/>.
/// </summary>
[Alias("ITrunkDirectoryGrain")]
public interface ITrunkDirectoryGrain : IGrainWithStringKey
{
    /// <summary>All changes, with passwords: for silos. Null if nothing has changed since <paramref name="known"/>.</summary>
    [Alias("After")]
    Task<TrunkChanges?> After(long known);

    /// <summary>The site's trunks and routes as they are in force, without passwords.</summary>
    [Alias("Current")]
    Task<TrunkDirectory> Current();

    /// <summary>
    /// Makes or replaces a trunk. A null password keeps the one that is in force, unless it would be proven to somebody else.
    /// </summary>
    [Alias("PutTrunk")]
    Task<PutTrunkResult> PutTrunk(string id, TrunkOptions trunk, string? password);

    /// <summary>Takes a trunk out; calls on it go on. Not while a route would be left without any trunk.</summary>
    /// <returns>The prefixes of those routes, none if it is out; null if there is no such trunk.</returns>
    [Alias("RemoveTrunk")]
    Task<IReadOnlyList<string>?> RemoveTrunk(string id);

    /// <summary>Makes or replaces the route of a prefix.</summary>
    [Alias("PutRoute")]
    Task PutRoute(string prefix, IReadOnlyList<RouteChoice> choices);

    /// <summary>Takes a route out. False if the prefix has none.</summary>
    [Alias("RemoveRoute")]
    Task<bool> RemoveRoute(string prefix);
}

/// <summary>What became of a trunk that was to be stored.</summary>
[GenerateSerializer, Alias("PutTrunkResult")]
public enum PutTrunkResult
{
    /// <summary>It is stored.</summary>
    Stored,
    /// <summary>It has a password that somebody else would be shown the knowledge of: it has to be written again.</summary>
    PasswordNeeded,
    /// <summary>The silos do not speak its transport.</summary>
    TransportNotSpoken,
}

/// <summary>What is stored over the configuration.</summary>
/// <param name="Version">Rises with each change.</param>
/// <param name="Trunks">Stored trunks by id; null: taken out.</param>
/// <param name="Routes">Stored routes by prefix; empty: taken out.</param>
[GenerateSerializer, Immutable, Alias("TrunkChanges")]
public sealed record TrunkChanges(
    [property: Id(0)] long Version,
    [property: Id(1)] IReadOnlyDictionary<string, TrunkOptions?> Trunks,
    [property: Id(2)] IReadOnlyDictionary<string, IReadOnlyList<RouteChoice>> Routes);

/// <summary>A site's trunks and routes.</summary>
/// <param name="Trunks">By id.</param>
/// <param name="Routes">By prefix.</param>
/// <param name="Version">Rises with each change; the silos' metrics say which version is in force on each.</param>
[GenerateSerializer, Immutable, Alias("TrunkDirectory")]
public sealed record TrunkDirectory(
    [property: Id(0)] IReadOnlyList<ListedTrunk> Trunks,
    [property: Id(1)] IReadOnlyList<ListedRoute> Routes,
    [property: Id(2)] long Version);

/// <summary>A trunk in force.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Trunk">Its settings; the password is empty.</param>
/// <param name="HasPassword">Whether it has one.</param>
/// <param name="Stored">Stored by an administrator; else from the configuration.</param>
[GenerateSerializer, Immutable, Alias("ListedTrunk")]
public sealed record ListedTrunk(
    [property: Id(0)] string Id, [property: Id(1)] TrunkOptions Trunk, [property: Id(2)] bool HasPassword, [property: Id(3)] bool Stored);

/// <summary>A route in force.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Choices">Its trunks.</param>
/// <param name="Stored">Stored by an administrator; else from the configuration.</param>
[GenerateSerializer, Immutable, Alias("ListedRoute")]
public sealed record ListedRoute(
    [property: Id(0)] string Prefix, [property: Id(1)] IReadOnlyList<RouteChoice> Choices, [property: Id(2)] bool Stored);
