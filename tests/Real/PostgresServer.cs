using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests;

/// <summary>
/// A private PostgreSQL with its default durability (fsync on) in a temporary folder on a free port of 127.0.0.1, ended by its own pid.
/// One is shared by the assembly (<c>PostgresServer server</c> in a test class's constructor): take a database of your own from it. A test
/// that stops or freezes the server starts one for itself.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    const int MaxConnections = 200;
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    static int databases;

    readonly string folder = Path.Combine(Path.GetTempPath(), $"orleanscallback-pg-{Guid.NewGuid():N}");
    Process? launcher;

    public int Port { get; } = FreePort();

    /// <summary>Pid of the postmaster.</summary>
    public int Pid { get; private set; }

    string Data => Path.Combine(folder, "data");

    static bool IsRoot => Environment.UserName == "root";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        if (IsRoot) await RunAsync("chown", "postgres", folder);
        await RunAsync(AsPostgres([Binary("initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]));
        await StartAsync();
    }

    /// <summary>Starts the server again after <see cref="StopAsync"/> or <see cref="KillAsync"/>, on the same port and data.</summary>
    public async Task StartAsync()
    {
        launcher = Start(AsPostgres([
            Binary("postgres"), "-D", Data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", folder,
            "-c", "listen_addresses=127.0.0.1", "-c", $"max_connections={MaxConnections}", "-c", "log_min_messages=fatal"]));
        await Waiting.UntilAsync($"PostgreSQL on port {Port}", StartLimit, async () => launcher.HasExited
            ? throw new InvalidOperationException($"PostgreSQL ended with {launcher.ExitCode}; its data: {Data}.")
            : await AnswersAsync());

        Pid = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
    }

    /// <summary>A new, empty database; returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref databases)}");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = Port, Username = "postgres", Database = database, MaxPoolSize = 20,
    }.ConnectionString;

    /// <summary>Fast shutdown: connections are cut, what was committed is on disk.</summary>
    public Task StopAsync() => EndAsync("INT");

    /// <summary>As a crash: recovery runs at the next start.</summary>
    public Task KillAsync() => EndAsync("QUIT");

    /// <summary>Sends a signal to one server process (<c>STOP</c>, <c>CONT</c>).</summary>
    public static Task SignalAsync(int pid, string signal) => RunAsync("kill", $"-{signal}", pid.ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        if (Pid != 0) await StopAsync();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    async Task EndAsync(string signal)
    {
        if (launcher is null || launcher.HasExited) return;
        await SignalAsync(Pid, signal);
        await launcher.WaitForExitAsync();
        launcher.Dispose();
        launcher = null;
        Pid = 0;
    }

    async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=2");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    static string[] AsPostgres(string[] command) => IsRoot ? ["runuser", "-u", "postgres", "--", .. command] : command;

    static string Binary(string name) =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .Order(StringComparer.Ordinal)
            .Select(version => Path.Combine(version, "bin", name))
            .LastOrDefault(File.Exists) ?? name;

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static Process Start(string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new InvalidOperationException($"{command[0]} did not start.");

    static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await output} {error}");
    }
}
