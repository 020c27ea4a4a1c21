using Microsoft.Data.Sqlite;
using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Silo.Ledger.Sqlite;

/// <summary>
/// The ledger in one SQLite file: one writing connection, used by one thread at a time and never by a grain's; reads go past it on
/// connections of their own (WAL).
/// </summary>
sealed class SqliteStore(string file) : ILedgerStore
{
    const int Constraint = 19;
    const int ConstraintCheck = 275;
    const int ConstraintPrimaryKey = 1555;
    const int ConstraintUnique = 2067;

    readonly SemaphoreSlim writing = new(1, 1);
    SqliteStatements? writer;
    bool disposed;

    public Task ConnectAsync(CancellationToken cancellation) => WriterAsync(_ => 0, cancellation);

    public Task<BatchOutcome> WriteAsync(IReadOnlyList<LedgerWrite> batch, CancellationToken cancellation) =>
        WriterAsync(statements => WriteBatch(statements, batch), cancellation);

    public Task<IReadOnlyList<WriteResult>?> RecoverAsync(CancellationToken cancellation) =>
        throw new InvalidOperationException("A file's connection is not lost.");

    public Task<WalletRow?> OpenWalletAsync(string site, string wallet, CancellationToken cancellation) =>
        WriterAsync(statements => InTransaction(statements, () => SqliteOpen.Wallet(statements, site, wallet)), cancellation);

    public Task<CallRow?> OpenCallAsync(string site, string callback, CancellationToken cancellation) =>
        WriterAsync(statements => InTransaction(statements, () => SqliteOpen.Call(statements, site, callback)), cancellation);

    /// <summary>What else is written waits its turn here, so that nobody finds the file locked; it is to be short.</summary>
    public Task<T> InTransactionAsync<T>(Func<SqliteStatements, T> work, CancellationToken cancellation) =>
        WriterAsync(statements => InTransaction(statements, () => work(statements)), cancellation);

    /// <summary>Reads past the writer.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteStatements, T> work, CancellationToken cancellation) => ReaderAsync(work, cancellation);

    public Task<IReadOnlyList<CallEvent>> EventsAsync(string site, string callback, long after, CancellationToken cancellation) =>
        ReaderAsync(statements => SqliteOpen.Events(statements, site, callback, after), cancellation);

    public Task<IReadOnlyList<(string Site, string Callback)>> ExpiredAsync(bool all, int most, CancellationToken cancellation) =>
        ReaderAsync(statements => SqliteOpen.Expired(statements, all, most), cancellation);

    /// <summary>May be called again: the container holds it under two names.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        await writing.WaitAsync();
        writer?.Dispose();
        writing.Dispose();
    }

    async Task<T> WriterAsync<T>(Func<SqliteStatements, T> work, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => work(writer ??= new(SqliteFile.OpenWriter(file))), cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    Task<T> ReaderAsync<T>(Func<SqliteStatements, T> work, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var statements = new SqliteStatements(SqliteFile.OpenReader(file));
            return work(statements);
        },
        cancellation);

    static BatchOutcome WriteBatch(SqliteStatements statements, IReadOnlyList<LedgerWrite> batch)
    {
        try
        {
            return InTransaction(statements, () =>
            {
                var results = new WriteResult[batch.Count];
                for (var i = 0; i < results.Length; i++) results[i] = new SqliteWrite(statements, batch[i]).Apply();
                return new BatchOutcome.Applied(results);
            });
        }
        catch (SqliteException error) when (error.SqliteErrorCode == Constraint)
        {
            return new BatchOutcome.Faulty(FaultOf(error), error);
        }
        catch (SqliteException error)
        {
            return new BatchOutcome.NotApplied(error);
        }
    }

    static T InTransaction<T>(SqliteStatements statements, Func<T> work)
    {
        statements.Execute("begin immediate");
        try
        {
            var result = work();
            statements.Execute("commit");
            return result;
        }
        catch
        {
            Rollback(statements);
            throw;
        }
    }

    static void Rollback(SqliteStatements statements)
    {
        try
        {
            statements.Execute("rollback");
        }
        catch (SqliteException)
        {
            // A full disk or an I/O error has rolled back already; what led here is thrown on.
        }
    }

    static DataFault FaultOf(SqliteException error) => error.SqliteExtendedErrorCode switch
    {
        ConstraintPrimaryKey or ConstraintUnique => DataFault.Identity,
        ConstraintCheck when error.Message.Contains("wallet_floor", StringComparison.Ordinal) => DataFault.Floor,
        _ => DataFault.Other,
    };
}
