using System.Diagnostics;
using System.Net;

namespace OrleansCallback.Tests.Processes;

/// <summary>
/// A built program (<c>dotnet X.dll</c>) in a process of its own, with settings by environment and its output in a file. Ended by its pid.
/// </summary>
public sealed class ProgramProcess : IAsyncDisposable
{
    static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(40);
    static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);
    static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(2) };

    readonly Process process;
    readonly StreamWriter log;

    ProgramProcess(string name, Process process, string logFile)
    {
        (Name, this.process, LogFile) = (name, process, logFile);
        log = new StreamWriter(new FileStream(logFile, FileMode.Create, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Pid = process.Id;
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Its process id.</summary>
    public int Pid { get; }

    /// <summary>File with its output.</summary>
    public string LogFile { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Its exit status, once it has ended.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            using var reader = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }

    /// <summary>Starts it with nothing in its environment but what programs need and what is given.</summary>
    public static ProgramProcess Start(
        string name, string dll, string workingFolder, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments])
        {
            WorkingDirectory = workingFolder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsSetting).ToList()) start.Environment.Remove(inherited);
        foreach (var (key, value) in settings) start.Environment[key] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{dll} did not start.");
        return new ProgramProcess(name, process, Path.Combine(TestFolder.Path, $"{name}-{process.Id}.log"));
    }

    /// <summary>Waits until <paramref name="url"/> answers 200.</summary>
    public Task ReadyAsync(Uri url) =>
        Waiting.UntilAsync(
            $"{Name} to be ready at {url}",
            ReadyLimit,
            async () => HasEnded
                ? throw new InvalidOperationException($"{Name} ended with {ExitCode}:\n{Tail}")
                : await StatusAsync(url) == HttpStatusCode.OK,
            () => Tail);

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<int> EndedAsync(TimeSpan? limit = null)
    {
        await Waiting.UntilAsync($"{Name} to end", limit ?? EndLimit, () => HasEnded, () => Tail);
        return ExitCode;
    }

    /// <summary>SIGTERM.</summary>
    public void AskToEnd() => Signal.AskToEnd(Pid);

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        if (HasEnded) return;
        Signal.KillAtOnce(Pid);
        await process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
        lock (log) log.Dispose();
    }

    string Tail => string.Join('\n', Output.Split('\n').TakeLast(40));

    static bool IsSetting(string name) =>
        name.Contains("__", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE", StringComparison.Ordinal);

    void Write(string? line)
    {
        lock (log)
            if (line is not null && log.BaseStream.CanWrite)
                log.WriteLine(line);
    }

    static async Task<HttpStatusCode?> StatusAsync(Uri url)
    {
        try
        {
            using var response = await Probe.GetAsync(url);
            return response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}
