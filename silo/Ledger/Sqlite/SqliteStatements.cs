using Microsoft.Data.Sqlite;

namespace OrleansCallback.Silo.Ledger.Sqlite;

/// <summary>The prepared statements of one connection; parameters are <c>$0</c>, <c>$1</c>… in order.</summary>
sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    static readonly string[] Names = [.. Enumerable.Range(0, 24).Select(n => $"${n}")];

    readonly Dictionary<string, SqliteCommand> prepared = [];

    /// <summary>Runs a statement; returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>The first row of a query, or null.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values) where T : class
    {
        using var reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    /// <summary>All rows of a query.</summary>
    public List<T> All<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using var reader = Bind(sql, values).ExecuteReader();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public bool Any(string sql, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        return reader.Read();
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        connection.Dispose();
    }

    SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            prepared[sql] = command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue(Names[i], DBNull.Value);
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
