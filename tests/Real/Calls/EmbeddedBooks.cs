using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OrleansCallback.Tests.Calls;

/// <summary>The SQLite file of an embedded program, read by plain SQL beside it.</summary>
public sealed class EmbeddedBooks(string folder)
{
    /// <summary>One number that a query yields.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Violations that the books script finds; none when the books balance.</summary>
    public async Task<IReadOnlyList<string>> ViolationsAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = await File.ReadAllTextAsync(Path.Combine(Processes.Repository.Root, "tests", "books", "books_balance.sqlite.sql"));
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetValue(i)}")));
        return lines;
    }

    async Task<SqliteConnection> OpenAsync()
    {
        var file = Directory.GetFiles(folder, "*.db").Single();
        var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
