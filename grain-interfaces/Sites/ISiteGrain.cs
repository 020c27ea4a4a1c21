using OrleansCallback.Merchants;

namespace OrleansCallback.Sites;

/// <summary>A tenant's directory. Key: <see cref="GrainKeys.Site"/>.</summary>
[Alias("ISiteGrain")]
public interface ISiteGrain : IGrainWithStringKey
{
    /// <summary>All merchants of the site by name.</summary>
    [Alias("Merchants")]
    Task<IReadOnlyList<Merchant>> Merchants();

    /// <summary>Lists or replaces a merchant; called by the merchant's grain.</summary>
    [Alias("List")]
    Task List(Merchant merchant);
}
