using System.Diagnostics;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Wire;

/// <summary>What passes the loopback, written down by dumpcap for tshark to read.</summary>
sealed class Capture : IAsyncDisposable
{
    const string LongestFile = "filesize:300000", LongestTime = "duration:900"; // kB and seconds
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20), EndLimit = TimeSpan.FromSeconds(10), ReadLimit = TimeSpan.FromSeconds(90);

    readonly Process process;
    readonly string file;

    Capture(Process process, string file) => (this.process, this.file) = (process, file);

    /// <summary>Bytes that are written down.</summary>
    public long Length => new FileInfo(file).Length;

    /// <summary>Starts to write down what this filter lets through.</summary>
    public static async Task<Capture> StartAsync(string filter)
    {
        var file = TestFolder.NewFile("wire.pcapng");
        var start = new ProcessStartInfo("dumpcap", ["-q", "-n", "-i", "lo", "-f", filter, "-a", LongestFile, "-a", LongestTime, "-w", file]) { RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("dumpcap did not start.");
        var said = "";
        process.ErrorDataReceived += (_, line) => said += line.Data + "\n";
        process.BeginErrorReadLine();
        await Waiting.UntilAsync("dumpcap to listen", StartLimit, () => process.HasExited
            ? throw new InvalidOperationException($"dumpcap ended with {process.ExitCode}; it needs the right to capture on lo: {said}")
            : said.Contains("File:", StringComparison.Ordinal));
        return new(process, file);
    }

    /// <summary>Ends the capture; a line for each packet that this display filter finds, with these fields between tabs.</summary>
    public async Task<IReadOnlyList<string[]>> ReadAsync(string decodeAs, string display, params string[] fields)
    {
        await StopAsync();
        var start = new ProcessStartInfo("tshark",
        [
            "-n", "-r", file, .. decodeAs.Split(' ').SelectMany(rule => (string[])["-d", rule]), "-Y", display, "-T", "fields", "-E", "occurrence=a",
            .. fields.SelectMany(field => (string[])["-e", field]),
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var tshark = Process.Start(start) ?? throw new InvalidOperationException("tshark did not start.");
        var errors = tshark.StandardError.ReadToEndAsync();
        var output = await tshark.StandardOutput.ReadToEndAsync().WaitAsync(ReadLimit);
        await tshark.WaitForExitAsync();
        if (tshark.ExitCode != 0) throw new InvalidOperationException($"tshark ended with {tshark.ExitCode}: {await errors}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    }

    /// <summary>The bytes so far.</summary>
    public ReadOnlyMemory<byte> Bytes()
    {
        using var written = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[written.Length];
        return bytes.AsMemory(0, written.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }

    async Task StopAsync()
    {
        if (process.HasExited) return;
        Signal.AskToEnd(process.Id);
        await process.WaitForExitAsync().WaitAsync(EndLimit);
    }
}
