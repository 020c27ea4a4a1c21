using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Silo.Ledger.Sqlite;

namespace OrleansCallback.Silo.Rates;

/// <summary>
/// Decks in the ledger's file. An import is many short transactions, between which calls and wallets have their turn; a version whose last one did
/// not come is not there, and is cleared away by the next import of its deck.
/// </summary>
sealed class SqliteRateStore(SqliteStore file) : IRateStore
{
    const int LinesAtOnce = 2_000;

    const string Bump = "insert into rate_revision (site, revision) values ($0, 1) on conflict (site) do update set revision = revision + 1";

    public Task<long> RevisionAsync(string site, CancellationToken cancellation) => file.ReadAsync(db => Revision(db, site), cancellation);

    public Task<StoredRates> ReadAsync(string site, CancellationToken cancellation) => file.ReadAsync(
        db => new StoredRates(
            Revision(db, site),
            db.All(
                $"select {RateRows.VersionColumns} from rate_version where site = $0 and stored_at is not null order by deck, number",
                row => RateRows.Version(row, row.At), site),
            db.All("select trunk, payer, deck from rate_assignment where site = $0 order by trunk, payer", RateRows.Assignment, site)),
        cancellation);

    public Task<IReadOnlyList<DeckRate>> LinesAsync(
        string site, string deck, int version, int after, int most, CancellationToken cancellation) =>
        file.ReadAsync<IReadOnlyList<DeckRate>>(
            db => db.All(
                $"select {RateRows.LineColumns} from rate where site = $0 and deck = $1 and version = $2 and line > $3 order by line limit $4",
                row => RateRows.Line(row, row.At), site, deck, version, after, most),
            cancellation);

    public Task<bool> UseAsync(string site, string deck, int version, CancellationToken cancellation) => file.InTransactionAsync(
        db =>
        {
            db.Execute(
                $"""
                update rate_version set used_at = {SqliteTime.Now}
                where site = $0 and deck = $1 and number = $2 and used_at is null and stored_at is not null
                """,
                site, deck, version);
            return db.Any("select 1 from rate_version where site = $0 and deck = $1 and number = $2 and used_at is not null", site, deck, version);
        },
        cancellation);

    public async Task<int> ImportAsync(string site, DeckImport import, CancellationToken cancellation)
    {
        await ClearAsync(site, import.Deck, cancellation);
        var number = await file.InTransactionAsync(db => Begin(db, site, import), cancellation);
        foreach (var lines in import.Lines.Chunk(LinesAtOnce))
        {
            await file.InTransactionAsync(
                db =>
                {
                    foreach (var line in lines) Insert(db, site, import.Deck, number, line);
                    return 0;
                },
                cancellation);
        }

        await file.InTransactionAsync(
            db =>
            {
                db.Execute(
                    $"update rate_version set stored_at = {SqliteTime.Now} where site = $0 and deck = $1 and number = $2",
                    site, import.Deck, number);
                return db.Execute(Bump, site);
            },
            cancellation);
        return number;
    }

    public async Task<RemovedVersion> RemoveAsync(string site, string deck, int version, CancellationToken cancellation)
    {
        var removed = await file.InTransactionAsync(
            db =>
            {
                var used = db.All(
                    "select used_at is not null from rate_version where site = $0 and deck = $1 and number = $2 and stored_at is not null",
                    row => row.GetBoolean(0), site, deck, version);
                if (used is not [var isUsed]) return RemovedVersion.Unknown;
                if (isUsed) return RemovedVersion.Used;
                db.Execute("delete from rate_version where site = $0 and deck = $1 and number = $2", site, deck, version);
                db.Execute(Bump, site);
                return RemovedVersion.Removed;
            },
            cancellation);
        if (removed == RemovedVersion.Removed) await ClearAsync(site, deck, cancellation);
        return removed;
    }

    public Task AssignAsync(string site, DeckAssignment assignment, CancellationToken cancellation) => file.InTransactionAsync(
        db =>
        {
            db.Execute(
                """
                insert into rate_assignment (site, trunk, payer, deck) values ($0, $1, $2, $3)
                on conflict (site, trunk, payer) do update set deck = excluded.deck
                """,
                site, assignment.Trunk, RateRows.PayerOf(assignment.Payer), assignment.Deck);
            return db.Execute(Bump, site);
        },
        cancellation);

    public Task<bool> UnassignAsync(string site, string trunk, Payer? payer, CancellationToken cancellation) => file.InTransactionAsync(
        db => db.Execute("delete from rate_assignment where site = $0 and trunk = $1 and payer = $2", site, trunk, RateRows.PayerOf(payer)) > 0
            && db.Execute(Bump, site) > 0,
        cancellation);

    /// <summary>Takes out what an import that did not end, or a deletion, left of a deck.</summary>
    async Task ClearAsync(string site, string deck, CancellationToken cancellation)
    {
        while (await file.InTransactionAsync(
            db => db.Execute(
                """
                delete from rate where (site, deck, version, line) in (
                    select r.site, r.deck, r.version, r.line from rate r
                    where r.site = $0 and r.deck = $1 and not exists (
                        select 1 from rate_version v where v.site = r.site and v.deck = r.deck and v.number = r.version and v.stored_at is not null)
                    limit $2)
                """,
                site, deck, LinesAtOnce),
            cancellation) > 0)
        {
        }

        await file.InTransactionAsync(
            db => db.Execute("delete from rate_version where site = $0 and deck = $1 and stored_at is null", site, deck), cancellation);
    }

    static int Begin(SqliteStatements db, string site, DeckImport import)
    {
        db.Execute(
            "insert into rate_deck (site, id, last_version) values ($0, $1, 1) on conflict (site, id) do update set last_version = last_version + 1",
            site, import.Deck);
        var number = db.All("select last_version from rate_deck where site = $0 and id = $1", row => row.GetInt32(0), site, import.Deck)[0];
        db.Execute(
            """
            insert into rate_version (site, deck, number, currency, time_zone, valid_from, valid_to, lines, imported_by)
            values ($0, $1, $2, $3, $4, $5, $6, $7, $8)
            """,
            site, import.Deck, number, import.Currency, import.TimeZone, SqliteTime.Of(import.ValidFrom), Micros(import.ValidTo), import.Lines.Count,
            import.ImportedBy);
        return number;
    }

    static void Insert(SqliteStatements db, string site, string deck, int version, DeckRate line) => db.Execute(
        """
        insert into rate (site, deck, version, prefix, line, destination, per_minute, connect_fee, first_increment, next_increment, minimum,
                          free_seconds, attempt_fee, days, from_minute, to_minute, valid_from, valid_to)
        values ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """,
        site, deck, version, line.Prefix, line.Line, line.Destination, line.Rate.PerMinute.Micros, line.Rate.ConnectFee.Micros,
        line.Rate.FirstIncrement, line.Rate.NextIncrement, line.Rate.Minimum.Micros, line.Rate.FreeSeconds, line.Rate.AttemptFee.Micros,
        line.Window?.Days, line.Window?.From, line.Window?.To, Micros(line.ValidFrom), Micros(line.ValidTo));

    static long? Micros(DateTimeOffset? at) => at is { } moment ? SqliteTime.Of(moment) : null;

    static long Revision(SqliteStatements db, string site) =>
        db.All("select revision from rate_revision where site = $0", row => row.GetInt64(0), site) is [var revision] ? revision : 0;
}
