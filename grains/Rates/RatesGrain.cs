using Orleans.Concurrency;
using OrleansCallback.Calls;
using OrleansCallback.Rates.Files;

namespace OrleansCallback.Rates;

/// <summary>Lets web nodes see and assign decks without a connection of their own; several per silo, none of them holds state.</summary>
[StatelessWorker]
sealed class RatesGrain(IRateStore store, CallClock clock) : Grain, IRatesGrain
{
    const int LinesOfPage = 2_000;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    string Site => this.GetPrimaryKeyString();

    public async Task<(StoredRates Rates, IReadOnlyList<string> InForce)> List()
    {
        using var limit = new CancellationTokenSource(Limit);
        var stored = await store.ReadAsync(Site, limit.Token);
        var inForce = stored.Versions.Select(version => version.Version).GroupBy(version => version.Deck)
            .Select(deck => DeckVersion.InForce(deck, clock.Now)?.Name).OfType<string>().ToList();
        return (stored, inForce);
    }

    public async Task<DeckPage?> Page(string deck, int version, int after)
    {
        using var limit = new CancellationTokenSource(Limit);
        var stored = await store.ReadAsync(Site, limit.Token);
        if (stored.Versions.FirstOrDefault(known => known.Version.Deck == deck && known.Version.Number == version) is not { } found) return null;
        var lines = await store.LinesAsync(Site, deck, version, after, LinesOfPage, limit.Token);
        var text = DeckColumns.Text(lines, found.Version.Currency);
        return new(after == 0 ? DeckColumns.Header + text : text, lines.Count == LinesOfPage ? lines[^1].Line : null);
    }

    public async Task<RemovedVersion> Remove(string deck, int version)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await store.RemoveAsync(Site, deck, version, limit.Token);
    }

    public async Task<bool> Assign(DeckAssignment assignment)
    {
        using var limit = new CancellationTokenSource(Limit);
        var stored = await store.ReadAsync(Site, limit.Token);
        if (!stored.Versions.Any(version => version.Version.Deck == assignment.Deck)) return false;
        await store.AssignAsync(Site, assignment, limit.Token);
        return true;
    }

    public async Task<bool> Unassign(string trunk, Payer? payer)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await store.UnassignAsync(Site, trunk, payer, limit.Token);
    }
}
