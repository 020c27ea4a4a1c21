using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Kamailio;

/// <summary>A running Kamailio with a configuration of its own.</summary>
public sealed class KamailioProcess : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    readonly Process process;
    readonly Queue<string> log = new();

    KamailioProcess(Process process) => this.process = process;

    /// <summary>What it wrote.</summary>
    public string Log
    {
        get
        {
            lock (log) return string.Join('\n', log);
        }
    }

    /// <summary>Starts Kamailio and waits until it listens.</summary>
    /// <param name="configuration">Its configuration file.</param>
    /// <param name="listens">A TCP address that it then listens on.</param>
    public static async Task<KamailioProcess> StartAsync(string configuration, IPEndPoint listens)
    {
        var file = TestFolder.NewFile("kamailio.cfg");
        await File.WriteAllTextAsync(file, configuration);
        var folder = Directory.CreateDirectory(TestFolder.NewFile("kamailio"));
        var start = new ProcessStartInfo("kamailio", ["-f", file, "-DD", "-E", "-m", "16", "-M", "4", "-Y", folder.FullName, "-w", folder.FullName])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("kamailio did not start.");
        var kamailio = new KamailioProcess(process);
        process.ErrorDataReceived += (_, line) => kamailio.Take(line.Data);
        process.OutputDataReceived += (_, line) => kamailio.Take(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            await Waiting.UntilAsync($"kamailio on {listens}", StartLimit, () => process.HasExited
                ? throw new InvalidOperationException($"kamailio ended with {process.ExitCode}: {kamailio.Log}")
                : Listens(listens));
        }
        catch
        {
            await kamailio.DisposeAsync();
            throw;
        }

        return kamailio;
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

    void Take(string? line)
    {
        lock (log)
        {
            if (line is not null) log.Enqueue(line);
            if (log.Count > 200) log.Dequeue();
        }
    }

    static bool Listens(IPEndPoint address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
