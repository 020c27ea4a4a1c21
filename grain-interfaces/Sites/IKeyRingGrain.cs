namespace OrleansCallback.Sites;

/// <summary>The data-protection keys that all web nodes of a cluster share. Key: <c>keys-web</c>.</summary>
[Alias("IKeyRingGrain")]
public interface IKeyRingGrain : IGrainWithStringKey
{
    /// <summary>All keys as XML.</summary>
    [Alias("All")]
    Task<IReadOnlyList<string>> All();

    /// <summary>Adds a key; a name that is there already is left as it is.</summary>
    [Alias("Add")]
    Task Add(string name, string xml);
}
