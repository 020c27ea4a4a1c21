using Microsoft.Data.Sqlite;

namespace OrleansCallback.Load.Processes;

/// <summary>One SQLite file that the silo opens; what it costs is part of the silo's account.</summary>
public sealed class SqliteStore(string folder) : ILoadStore
{
    readonly string file = Path.Combine(folder, "ledger.db");

    public string Name => "sqlite";

    public int? Pid => null;

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Store"] = "sqlite", ["Sqlite__File"] = file };

    public Task StartAsync() => Task.CompletedTask;

    public async Task<IReadOnlyList<string>> ViolationsAsync(string scripts)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = await File.ReadAllTextAsync(Path.Combine(scripts, "books_balance.sqlite.sql"));
        await using var reader = await command.ExecuteReaderAsync();
        return await Violations.ReadAsync(reader);
    }

    public async Task<long> PendingHoldsAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from hold where state = 'pending'";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        return connection;
    }
}
