using Npgsql;
using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger.Postgres;

/// <summary>
/// The ledger in PostgreSQL. A batch and its COMMIT are one message; its number in this writer's row tells after a lost connection whether
/// it was applied.
/// </summary>
sealed class PostgresStore(PostgresConnections connections, string silo) : ILedgerStore
{
    const string NotTheNextBatch = "OC001";

    /// <summary>Writers that have been silent for so long are gone for good.</summary>
    const string ForgetWriters = "delete from writer where updated_at < clock_timestamp() - interval '30 days'";

    readonly string writer = $"{silo}/{Guid.NewGuid():N}";
    readonly PostgresBatch columns = new();
    NpgsqlConnection? connection;
    NpgsqlCommand? command;
    long batchNumber;

    public async Task ConnectAsync(CancellationToken cancellation)
    {
        if (command is not null) return;
        await OpenAsync(cancellation);
        await using var register = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(ForgetWriters),
                new("insert into writer (silo, batch) values ($1, $2) on conflict (silo) do nothing")
                {
                    Parameters = { new() { Value = writer }, new() { Value = batchNumber } },
                },
            },
        };
        await register.ExecuteNonQueryAsync(cancellation);
        await PrepareAsync(cancellation);
    }

    public async Task<BatchOutcome> WriteAsync(IReadOnlyList<LedgerWrite> batch, CancellationToken cancellation)
    {
        var statement = command ?? throw new InvalidOperationException("The writer has no connection.");
        columns.Fill(writer, batchNumber + 1, batch);
        try
        {
            var results = await ReadResultsAsync(statement, batch.Count, cancellation);
            batchNumber++;
            return new BatchOutcome.Applied(results);
        }
        catch (PostgresException error) when (!IsLoss(error))
        {
            return Failed(error);
        }
        catch (Exception error) when (error is NpgsqlException or IOException or TimeoutException or OperationCanceledException)
        {
            await CloseAsync();
            return new BatchOutcome.Lost(error);
        }
    }

    public async Task<IReadOnlyList<WriteResult>?> RecoverAsync(CancellationToken cancellation)
    {
        await CloseAsync();
        await OpenAsync(cancellation);
        // Waits for the old backend if it still holds the row; once the number is taken here, it can never apply the batch.
        var applied = await VoidAsync(cancellation) ? null : await AnswersAsync(cancellation);
        batchNumber++;
        await PrepareAsync(cancellation);
        return applied;
    }

    public async Task<WalletRow?> OpenWalletAsync(string site, string wallet, CancellationToken cancellation) =>
        await PostgresOpen.WalletAsync(connections.Calls, site, wallet, cancellation);

    public async Task<CallRow?> OpenCallAsync(string site, string callback, CancellationToken cancellation) =>
        await PostgresOpen.CallAsync(connections.Calls, site, callback, cancellation);

    public async Task<IReadOnlyList<CallEvent>> EventsAsync(string site, string callback, long after, CancellationToken cancellation) =>
        await PostgresOpen.EventsAsync(connections.Calls, site, callback, after, cancellation);

    public async Task<IReadOnlyList<(string Site, string Callback)>> ExpiredAsync(bool all, int most, CancellationToken cancellation) =>
        await PostgresOpen.ExpiredAsync(connections.Calls, all, most, cancellation);

    public async ValueTask DisposeAsync() => await CloseAsync();

    async Task OpenAsync(CancellationToken cancellation)
    {
        await CloseAsync();
        connection = await connections.Writer.OpenConnectionAsync(cancellation);
    }

    async Task PrepareAsync(CancellationToken cancellation)
    {
        var statement = new NpgsqlCommand(columns.Sql, connection);
        columns.AddParametersTo(statement.Parameters);
        await statement.PrepareAsync(cancellation);
        command = statement;
    }

    async Task CloseAsync()
    {
        command?.Parameters.Clear();
        if (command is not null) await command.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
        (command, connection) = (null, null);
    }

    /// <summary>
    /// Takes the lost batch's number for nothing; false if the batch has it, that is, was applied. The row itself is missing only after it
    /// was forgotten, and then the batch was refused.
    /// </summary>
    async Task<bool> VoidAsync(CancellationToken cancellation)
    {
        await using var claim = new NpgsqlCommand(
            """
            insert into writer (silo, batch) values ($1, $2)
            on conflict (silo) do update set batch = $2, outcomes = null, sequences = null, amounts = null, updated_at = clock_timestamp()
            where writer.batch = $2 - 1
            """,
            connection) { Parameters = { new() { Value = writer }, new() { Value = batchNumber + 1 } } };
        return await claim.ExecuteNonQueryAsync(cancellation) == 1;
    }

    async Task<IReadOnlyList<WriteResult>?> AnswersAsync(CancellationToken cancellation)
    {
        await using var ask = new NpgsqlCommand(
            "select outcomes, sequences, amounts from writer where silo = $1 and batch = $2", connection)
        {
            Parameters = { new() { Value = writer }, new() { Value = batchNumber + 1 } },
        };
        await using var reader = await ask.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            throw new InvalidOperationException($"Writer {writer} has neither batch {batchNumber} nor {batchNumber + 1} in its row.");
        if (await reader.IsDBNullAsync(0, cancellation)) return null;
        var (outcomes, sequences, amounts) = (reader.GetFieldValue<short[]>(0), reader.GetFieldValue<long[]>(1), reader.GetFieldValue<long[]>(2));
        return [.. outcomes.Select((outcome, i) => Result(outcome, sequences[i], amounts[i]))];
    }

    static async Task<WriteResult[]> ReadResultsAsync(NpgsqlCommand statement, int count, CancellationToken cancellation)
    {
        var results = new WriteResult[count];
        await using var reader = await statement.ExecuteReaderAsync(cancellation);
        for (var i = 0; await reader.ReadAsync(cancellation); i++)
            results[i] = Result(reader.GetInt16(0), reader.GetInt64(1), reader.GetInt64(2));
        return results;
    }

    static WriteResult Result(short outcome, long sequence, long amount) => (WriteOutcome)outcome == WriteOutcome.Committed
        ? new(WriteOutcome.Committed, sequence, new(amount))
        : new((WriteOutcome)outcome);

    static BatchOutcome Failed(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.UniqueViolation => new BatchOutcome.Faulty(DataFault.Identity, error),
        PostgresErrorCodes.CheckViolation when error.ConstraintName == "wallet_floor" => new BatchOutcome.Faulty(DataFault.Floor, error),
        ['2', '2' or '3', ..] => new BatchOutcome.Faulty(DataFault.Other, error),
        _ => new BatchOutcome.NotApplied(error),
    };

    /// <summary>The session ended (class 57P, 08) or the row says that another batch is next: only the row knows what became of this one.</summary>
    static bool IsLoss(PostgresException error) =>
        error.SqlState is NotTheNextBatch or ['5', '7', 'P', ..] or ['0', '8', ..];
}
