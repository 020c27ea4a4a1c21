using OrleansCallback.Merchants;
using OrleansCallback.Storage;

namespace OrleansCallback.Sites;

/// <summary>A site's directory as it is stored.</summary>
public sealed class SiteState
{
    /// <summary>Merchants by id.</summary>
    public Dictionary<string, MerchantState> Merchants { get; set; } = [];
}

/// <summary>A site's directory.</summary>
sealed class SiteGrain([PersistentState("site", ColdState.Storage)] IPersistentState<SiteState> state) : Grain, ISiteGrain
{
    IReadOnlyList<Merchant>? sorted;

    public Task<IReadOnlyList<Merchant>> Merchants() => Task.FromResult(sorted ??=
        [.. state.State.Merchants.Select(entry => entry.Value.ToMerchant(entry.Key)).OrderBy(merchant => merchant.Name, StringComparer.Ordinal)]);

    public async Task List(Merchant merchant)
    {
        state.State.Merchants[merchant.Id] = MerchantState.From(merchant);
        sorted = null;
        await this.Write(state);
    }
}
