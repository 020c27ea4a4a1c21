using Microsoft.Data.Sqlite;

namespace OrleansCallback.Silo.Ledger.Sqlite;

/// <summary>Opens the ledger's file: WAL, so that readers never wait for the writer, and synchronous=FULL, so that COMMIT means on disk.</summary>
static class SqliteFile
{
    /// <summary>How long SQLite waits for another connection's transaction (grain storage writes to the same file).</summary>
    const int BusyMilliseconds = 1500;

    /// <summary>Above it, so that SQLite's own wait decides and not the driver's polling every 150 ms.</summary>
    const int CommandSeconds = 2;

    public static SqliteConnection OpenWriter(string file) =>
        Open(file, SqliteOpenMode.ReadWriteCreate, "pragma journal_mode = wal; pragma synchronous = full;");

    public static SqliteConnection OpenReader(string file) => Open(file, SqliteOpenMode.ReadOnly, "pragma query_only = on;");

    static SqliteConnection Open(string file, SqliteOpenMode mode, string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file, Mode = mode, Pooling = mode == SqliteOpenMode.ReadOnly, DefaultTimeout = CommandSeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"pragma busy_timeout = {BusyMilliseconds}; {pragmas}";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
