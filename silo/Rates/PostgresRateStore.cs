using Npgsql;
using NpgsqlTypes;
using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Silo.Ledger.Postgres;

namespace OrleansCallback.Silo.Rates;

/// <summary>Decks in PostgreSQL. An import is one transaction; the row of its deck lets one in at a time.</summary>
sealed class PostgresRateStore(PostgresConnections connections) : IRateStore
{
    const string Bump =
        "insert into rate_revision (site, revision) values ($1, 1) on conflict (site) do update set revision = rate_revision.revision + 1";

    static readonly string[] Deletions =
    [
        "delete from rate_version where site = $1 and deck = $2 and number = $3",
        "delete from rate where site = $1 and deck = $2 and version = $3",
    ];

    public async Task<long> RevisionAsync(string site, CancellationToken cancellation)
    {
        await using var command = Command(connections.Reader, "select revision from rate_revision where site = $1", site);
        return await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }

    public async Task<StoredRates> ReadAsync(string site, CancellationToken cancellation)
    {
        var revision = await RevisionAsync(site, cancellation);
        await using var versions = Command(
            connections.Reader,
            $"select {RateRows.VersionColumns} from rate_version where site = $1 and stored_at is not null order by deck, number",
            site);
        await using var assignments = Command(
            connections.Reader, "select trunk, payer, deck from rate_assignment where site = $1 order by trunk, payer", site);
        return new(
            revision,
            await AllAsync(versions, row => RateRows.Version(row, row.At), cancellation),
            await AllAsync(assignments, RateRows.Assignment, cancellation));
    }

    public async Task<IReadOnlyList<DeckRate>> LinesAsync(
        string site, string deck, int version, int after, int most, CancellationToken cancellation)
    {
        await using var command = Command(
            connections.Bulk,
            $"select {RateRows.LineColumns} from rate where site = $1 and deck = $2 and version = $3 and line > $4 order by line limit $5",
            site, deck, version, after, most);
        return await AllAsync(command, row => RateRows.Line(row, row.At), cancellation);
    }

    public async Task<bool> UseAsync(string site, string deck, int version, CancellationToken cancellation)
    {
        await using var mark = Command(
            connections.Calls,
            """
            update rate_version set used_at = clock_timestamp()
            where site = $1 and deck = $2 and number = $3 and used_at is null and stored_at is not null
            """,
            site, deck, version);
        await mark.ExecuteNonQueryAsync(cancellation);
        await using var find = Command(
            connections.Calls,
            "select 1 from rate_version where site = $1 and deck = $2 and number = $3 and used_at is not null",
            site, deck, version);
        return await find.ExecuteScalarAsync(cancellation) is not null;
    }

    public Task<int> ImportAsync(string site, DeckImport import, CancellationToken cancellation) => InTransactionAsync(
        connections.Bulk,
        async connection =>
        {
            await using var next = Command(
                connection,
                """
                insert into rate_deck (site, id, last_version) values ($1, $2, 1)
                on conflict (site, id) do update set last_version = rate_deck.last_version + 1 returning last_version
                """,
                site, import.Deck);
            var number = (int)(await next.ExecuteScalarAsync(cancellation))!;
            await ExecuteAsync(
                connection,
                """
                insert into rate_version (site, deck, number, currency, time_zone, valid_from, valid_to, lines, imported_by)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                """,
                cancellation, site, import.Deck, number, import.Currency, import.TimeZone, import.ValidFrom, (object?)import.ValidTo ?? DBNull.Value,
                import.Lines.Count, import.ImportedBy);
            await Task.Run(() => Copy(connection, site, import.Deck, number, import.Lines, cancellation), cancellation);
            await ExecuteAsync(
                connection, "update rate_version set stored_at = clock_timestamp() where site = $1 and deck = $2 and number = $3",
                cancellation, site, import.Deck, number);
            await ExecuteAsync(connection, Bump, cancellation, site);
            return number;
        },
        cancellation);

    public Task<RemovedVersion> RemoveAsync(string site, string deck, int version, CancellationToken cancellation) => InTransactionAsync(
        connections.Bulk,
        async connection =>
        {
            await using var find = Command(
                connection,
                "select used_at is not null from rate_version where site = $1 and deck = $2 and number = $3 for update",
                site, deck, version);
            if (await find.ExecuteScalarAsync(cancellation) is not bool used) return RemovedVersion.Unknown;
            if (used) return RemovedVersion.Used;
            foreach (var sql in Deletions) await ExecuteAsync(connection, sql, cancellation, site, deck, version);
            await ExecuteAsync(connection, Bump, cancellation, site);
            return RemovedVersion.Removed;
        },
        cancellation);

    public Task AssignAsync(string site, DeckAssignment assignment, CancellationToken cancellation) => InTransactionAsync(
        connections.Calls,
        async connection =>
        {
            await ExecuteAsync(
                connection,
                """
                insert into rate_assignment (site, trunk, payer, deck) values ($1, $2, $3, $4)
                on conflict (site, trunk, payer) do update set deck = excluded.deck
                """,
                cancellation, site, assignment.Trunk, RateRows.PayerOf(assignment.Payer), assignment.Deck);
            return await ExecuteAsync(connection, Bump, cancellation, site);
        },
        cancellation);

    public Task<bool> UnassignAsync(string site, string trunk, Payer? payer, CancellationToken cancellation) => InTransactionAsync(
        connections.Calls,
        async connection =>
            await ExecuteAsync(
                connection, "delete from rate_assignment where site = $1 and trunk = $2 and payer = $3",
                cancellation, site, trunk, RateRows.PayerOf(payer)) > 0
            && await ExecuteAsync(connection, Bump, cancellation, site) > 0,
        cancellation);

    static void Copy(
        NpgsqlConnection connection, string site, string deck, int version, IReadOnlyList<DeckRate> lines, CancellationToken cancellation)
    {
        using var copy = connection.BeginBinaryImport($"copy rate (site, deck, version, {RateRows.LineColumns}) from stdin (format binary)");
        foreach (var line in lines)
        {
            cancellation.ThrowIfCancellationRequested();
            copy.StartRow();
            copy.Write(site);
            copy.Write(deck);
            copy.Write(version);
            copy.Write(line.Prefix);
            copy.Write(line.Line);
            copy.Write(line.Destination);
            copy.Write(line.Rate.PerMinute.Micros);
            copy.Write(line.Rate.ConnectFee.Micros);
            copy.Write(line.Rate.FirstIncrement);
            copy.Write(line.Rate.NextIncrement);
            copy.Write(line.Rate.Minimum.Micros);
            copy.Write(line.Rate.FreeSeconds);
            copy.Write(line.Rate.AttemptFee.Micros);
            Minutes(copy, line.Window?.Days);
            Minutes(copy, line.Window?.From);
            Minutes(copy, line.Window?.To);
            Moment(copy, line.ValidFrom);
            Moment(copy, line.ValidTo);
        }

        copy.Complete();
    }

    static void Minutes(NpgsqlBinaryImporter copy, int? value)
    {
        if (value is { } number) copy.Write((short)number, NpgsqlDbType.Smallint);
        else copy.WriteNull();
    }

    static void Moment(NpgsqlBinaryImporter copy, DateTimeOffset? value)
    {
        if (value is { } at) copy.Write(at, NpgsqlDbType.TimestampTz);
        else copy.WriteNull();
    }

    static async Task<T> InTransactionAsync<T>(NpgsqlDataSource source, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var result = await work(connection);
        await transaction.CommitAsync(cancellation);
        return result;
    }

    static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    static async Task<List<T>> AllAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await PostgresOpen.AllAsync(reader, read, cancellation);
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values) => Bound(new(sql, connection), values);

    static NpgsqlCommand Command(NpgsqlDataSource source, string sql, params ReadOnlySpan<object> values) => Bound(source.CreateCommand(sql), values);

    static NpgsqlCommand Bound(NpgsqlCommand command, ReadOnlySpan<object> values)
    {
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
