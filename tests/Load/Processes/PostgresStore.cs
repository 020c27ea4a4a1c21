using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace OrleansCallback.Load.Processes;

/// <summary>A PostgreSQL of this run's own with default durability, in a temporary folder on a free port.</summary>
public sealed class PostgresStore : ILoadStore
{
    readonly string folder;
    readonly int port;
    Child? server;

    public PostgresStore(string folder, int port) => (this.folder, this.port) = (Path.Combine(folder, "postgres"), port);

    public string Name => "postgres";

    /// <summary>Pid of the postmaster: started by runuser, which stays in front of it.</summary>
    public int? Pid { get; private set; }

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Store"] = "postgres", ["ConnectionStrings__Ledger"] = Connection("callback"),
    };

    static bool IsRoot => Environment.UserName == "root";

    public async Task StartAsync()
    {
        Directory.CreateDirectory(folder);
        if (IsRoot) await RunAsync("chown", "postgres", folder);
        await RunAsync(AsPostgres(Binary("initdb"), "-D", folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
        server = Child.Start("postgres", "/", new Dictionary<string, string>(), Path.GetDirectoryName(folder)!, AsPostgres(
            Binary("postgres"), "-D", folder, "-p", port.ToString(CultureInfo.InvariantCulture), "-k", folder,
            "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"));
        await server.ReadyAsync(AnswersAsync);
        Pid = int.Parse(File.ReadLines(Path.Combine(folder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("create database callback", connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<string>> ViolationsAsync(string scripts)
    {
        await using var connection = new NpgsqlConnection(Connection("callback"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(await File.ReadAllTextAsync(Path.Combine(scripts, "books_balance.postgres.sql")), connection);
        await using var reader = await command.ExecuteReaderAsync();
        return await Violations.ReadAsync(reader);
    }

    public async Task<long> PendingHoldsAsync()
    {
        await using var connection = new NpgsqlConnection(Connection("callback"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select count(*) from hold where state = 'pending'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is null) return;
        if (Pid is { } postmaster) await RunAsync("kill", "-INT", postmaster.ToString(CultureInfo.InvariantCulture));
        await server.EndedAsync();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(Connection("postgres"));
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    string Connection(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = port, Username = "postgres", Database = database, MaxPoolSize = 20,
    }.ConnectionString;

    static string[] AsPostgres(params string[] command) => IsRoot ? ["runuser", "-u", "postgres", "--", .. command] : command;

    static string Binary(string name) =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", name)).LastOrDefault(File.Exists) ?? name;

    static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/", RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
    }
}
