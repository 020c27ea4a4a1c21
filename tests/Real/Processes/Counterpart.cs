using System.Diagnostics;

namespace OrleansCallback.Tests.Processes;

/// <summary>A program of others that a test talks to, with the last of what it wrote. Ended by SIGTERM.</summary>
public sealed class Counterpart : IAsyncDisposable
{
    const int MostLines = 200;
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    readonly Process process;
    readonly Queue<string> log = new();

    Counterpart(Process process) => this.process = process;

    /// <summary>What it wrote.</summary>
    public string Log
    {
        get
        {
            lock (log) return string.Join('\n', log);
        }
    }

    /// <summary>Its exit status; null while it runs.</summary>
    public int? ExitCode => process.HasExited ? process.ExitCode : null;

    /// <summary>Starts it.</summary>
    public static Counterpart Start(string program, params string[] arguments) => Start(_ => { }, program, arguments);

    /// <summary>Starts it.</summary>
    /// <param name="onLine">Gets each line that it writes.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Counterpart Start(Action<string> onLine, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var started = new Counterpart(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
        started.process.OutputDataReceived += (_, line) => started.Take(line.Data, onLine);
        started.process.ErrorDataReceived += (_, line) => started.Take(line.Data, onLine);
        started.process.BeginOutputReadLine();
        started.process.BeginErrorReadLine();
        return started;
    }

    /// <summary>How often it wrote a line with these words.</summary>
    public int Lines(string words) => Log.Split('\n').Count(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        Signal.KillAtOnce(process.Id);
        await process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Signal.AskToEnd(process.Id);
            await process.WaitForExitAsync().WaitAsync(StopLimit);
        }

        process.Dispose();
    }

    void Take(string? line, Action<string> onLine)
    {
        if (line is null) return;
        onLine(line);
        lock (log)
        {
            log.Enqueue(line);
            if (log.Count > MostLines) log.Dequeue();
        }
    }
}
