using Microsoft.Extensions.Options;
using OrleansCallback.Rates;
using OrleansCallback.Silo.Settings;

namespace OrleansCallback.Silo.Rates;

/// <summary>
/// Keeps a silo's book of rates: looks every second whether the store has another revision or the time of a version comes, takes what is then needed
/// into memory, and marks it as used before a call can name it.
/// </summary>
sealed partial class RateRefresh(
    IRateStore store, RateCatalog catalog, IOptions<SiteSettings> settings, TimeProvider time, ILogger<RateRefresh> logger) : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A silo does not wait longer for its first book; while it has none its calls are undecided.</summary>
    static readonly TimeSpan FirstLimit = TimeSpan.FromSeconds(20);

    readonly string site = settings.Value.Site;
    Dictionary<string, LoadedVersion> loaded = [];

    /// <summary>Waits for the first book, so that the first call finds one.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken).WaitAsync(FirstLimit, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            NotRead(late);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            var now = time.GetUtcNow();
            var known = catalog.Current is { } book && now < book.GoodUntil - DeckSchedule.Early ? book.Revision : -1;
            if (await store.RevisionAsync(site, cancellation) == known) return;
            await TakeAsync(await store.ReadAsync(site, cancellation), now, cancellation);
        }
        catch (Exception error) when (error is not (OperationCanceledException or OutOfMemoryException))
        {
            NotRead(error);
        }
    }

    async Task TakeAsync(StoredRates stored, DateTimeOffset now, CancellationToken cancellation)
    {
        var decks = stored.Assignments.Select(assignment => assignment.Deck).ToHashSet();
        var versions = stored.Versions.Select(version => version.Version).Where(version => decks.Contains(version.Deck)).ToList();
        var (needed, goodUntil) = DeckSchedule.Of(versions, now);
        var taken = new Dictionary<string, LoadedVersion>();
        foreach (var version in needed)
        {
            // Not there any more: it was deleted a moment ago, which the next look will see.
            if (!loaded.TryGetValue(version.Name, out var known) && (known = await LoadAsync(version, cancellation)) is null) return;
            taken[version.Name] = known;
        }

        loaded = taken;
        catalog.Adopt(new(stored.Revision, stored.Assignments, taken.Values, goodUntil));
        Adopted(stored.Revision, string.Join(", ", taken.Keys));
    }

    async Task<LoadedVersion?> LoadAsync(DeckVersion version, CancellationToken cancellation)
    {
        if (!await store.UseAsync(site, version.Deck, version.Number, cancellation)) return null;
        var lines = await store.LinesAsync(site, version.Deck, version.Number, 0, int.MaxValue, cancellation);
        return await Task.Run(() => new LoadedVersion(version, new(lines)), cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "Rates could not be read; it is tried again.")]
    partial void NotRead(Exception error);

    [LoggerMessage(LogLevel.Information, "Rates are those of revision {Revision} now: {Versions}.")]
    partial void Adopted(long revision, string versions);
}
