using OrleansCallback.Rates.Files;

namespace OrleansCallback.Rates;

/// <summary>
/// One file of a deck at a time. What takes the processor long runs beside the grain's own thread, so that the silo's other grains go on; further
/// files of the deck wait.
/// </summary>
sealed class RateDeckGrain(IRateStore store, CallClock clock) : Grain, IRateDeckGrain, IDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    readonly MemoryStream pieces = new();
    Guid current;

    string Site => GrainKeys.SiteOf(this.GetPrimaryKeyString());

    string Deck => GrainKeys.NameOf(this.GetPrimaryKeyString());

    public Task Begin(Guid file)
    {
        (current, pieces.Position) = (file, 0);
        pieces.SetLength(0);
        return Task.CompletedTask;
    }

    public Task<bool> Add(Guid file, byte[] piece)
    {
        if (file != current || pieces.Length + piece.Length > DeckUpload.LargestFile) return Task.FromResult(false);
        pieces.Write(piece);
        return Task.FromResult(true);
    }

    public async Task<DeckImported> Finish(Guid file, DeckTerms terms)
    {
        if (file != current) return new() { Result = DeckImportResult.Overtaken };
        // The file's memory goes with this activation.
        DeactivateOnIdle();
        var bytes = pieces.GetBuffer().AsMemory(0, (int)pieces.Length);
        if (!TryRead(terms, out var zone, out var version, out var wrong)) return new() { Result = DeckImportResult.WrongTerms, Wrong = wrong };
        var read = await Task.Run(() => DeckFile.Read(bytes.Span, zone, terms.Currency));
        if (read.Errors.Count > 0)
            return new() { Result = DeckImportResult.WrongFile, ErrorCount = read.Errors.Count, Errors = read.Errors.First };

        using var limit = new CancellationTokenSource(Limit);
        var (before, number) = await Before(version, limit.Token);
        var difference = await Task.Run(() => DeckDifference.Between(before, read.Lines));
        if (!terms.DryRun)
        {
            version = version with
            {
                Number = await store.ImportAsync(
                    Site, new(Deck, version.Currency, version.TimeZone, version.ValidFrom, version.ValidTo, terms.By, read.Lines), limit.Token),
            };
        }

        return new()
        {
            Result = terms.DryRun ? DeckImportResult.Compared : DeckImportResult.Stored,
            Version = version,
            ComparedWith = number,
            Added = difference.Added,
            Changed = difference.Changed,
            Removed = difference.Removed,
            Unchanged = difference.Unchanged,
            Samples = [.. difference.Samples.Select(change => new DeckSample(Fields(change.Before), Fields(change.After)))],
        };

        Dictionary<string, string>? Fields(DeckRate? line) => line is null ? null : DeckColumns.All.Zip(DeckColumns.Fields(line, terms.Currency))
            .Where(field => field.Second.Length > 0).ToDictionary(field => field.First, field => field.Second);
    }

    public void Dispose() => pieces.Dispose();

    /// <summary>The version that a new one takes over from, as it is now.</summary>
    async Task<(IReadOnlyList<DeckRate> Lines, int? Number)> Before(DeckVersion version, CancellationToken cancellation)
    {
        var stored = await store.ReadAsync(Site, cancellation);
        var before = DeckVersion.InForce(stored.Versions.Select(known => known.Version).Where(known => known.Deck == Deck), version.ValidFrom);
        return before is null ? ([], null) : (await store.LinesAsync(Site, Deck, before.Number, 0, int.MaxValue, cancellation), before.Number);
    }

    bool TryRead(DeckTerms terms, out TimeZoneInfo zone, out DeckVersion version, out string? wrong)
    {
        (zone, version, wrong) = (TimeZoneInfo.Utc, new(Deck, 0, terms.Currency, terms.TimeZone, WholeSecond(clock.Now), null), null);
        if (DeckMoment.Zone(terms.TimeZone) is not { } known)
        {
            wrong = $"time_zone is '{terms.TimeZone}'; write an IANA name such as Europe/Berlin.";
            return false;
        }

        zone = known;
        if (!TryMoment("valid_from", terms.ValidFrom, zone, out var from, out wrong)) return false;
        if (!TryMoment("valid_to", terms.ValidTo, zone, out var to, out wrong)) return false;
        version = version with { ValidFrom = from ?? version.ValidFrom, ValidTo = to };
        wrong = from < clock.Now ? "valid_from has passed; leave it out for now."
            : to <= version.ValidFrom ? "valid_to is not after valid_from."
            : null;
        return wrong is null;
    }

    static bool TryMoment(string name, string? text, TimeZoneInfo zone, out DateTimeOffset? at, out string? wrong)
    {
        (at, wrong) = (null, null);
        if (string.IsNullOrEmpty(text)) return true;
        if (!DeckMoment.TryParse(text, zone, out var read))
        {
            wrong = $"{name} is '{text}'; {DeckMoment.Rule}.";
            return false;
        }

        at = read;
        return true;
    }

    static DateTimeOffset WholeSecond(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
}
