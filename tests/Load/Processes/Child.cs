using System.Diagnostics;
using System.Net;

namespace OrleansCallback.Load.Processes;

/// <summary>A process that this run started, with its output in a file; ended by its pid.</summary>
public sealed class Child : IAsyncDisposable
{
    static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    readonly Process process;
    readonly StreamWriter log;

    Child(string name, Process process, string logFile)
    {
        (Name, this.process, LogFile) = (name, process, logFile);
        log = new StreamWriter(logFile) { AutoFlush = true };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public string LogFile { get; }

    public int Pid => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>Starts a program with settings in its environment.</summary>
    public static Child Start(string name, string folder, IReadOnlyDictionary<string, string> settings, string logFolder, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in settings) start.Environment[key] = value;
        return new(name, Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start."), Path.Combine(logFolder, name + ".log"));
    }

    /// <summary>Waits until the condition holds; throws if the process ends or the limit passes first.</summary>
    public async Task ReadyAsync(Func<Task<bool>> ready)
    {
        var since = Stopwatch.StartNew();
        while (!await ready())
        {
            if (HasEnded) throw new InvalidOperationException($"{Name} ended with {process.ExitCode}; see {LogFile}.");
            if (since.Elapsed > ReadyLimit) throw new TimeoutException($"{Name} was not ready within {ReadyLimit}; see {LogFile}.");
            await Task.Delay(100);
        }
    }

    /// <summary>Waits until <paramref name="url"/> answers 200.</summary>
    public Task ReadyAsync(HttpClient http, string url) => ReadyAsync(async () =>
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(url));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    /// <summary>Waits for it to end by itself; throws unless its exit status is 0.</summary>
    public async Task SucceedsAsync()
    {
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Name} ended with {process.ExitCode}; see {LogFile}.");
    }

    /// <summary>Waits until it has ended; SIGKILL after the limit.</summary>
    public async Task EndedAsync()
    {
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
        lock (log) log.Dispose();
    }

    async Task KillAsync()
    {
        process.Kill(); // of an ended process: nothing
        await process.WaitForExitAsync();
    }

    void Write(string? line)
    {
        lock (log)
            if (line is not null && log.BaseStream.CanWrite)
                log.WriteLine(line);
    }
}
