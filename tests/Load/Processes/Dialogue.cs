using System.Diagnostics;

namespace OrleansCallback.Load.Processes;

/// <summary>A process of this run that takes commands on its standard input and answers on its standard output, line by line. The end of its
/// input ends it.</summary>
public sealed class Dialogue : IDisposable
{
    readonly Process process;

    Dialogue(string name, Process process) => (Name, this.process) = (name, process);

    public string Name { get; }

    public int Pid => process.Id;

    public static Dialogue Start(string name, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new(name, Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start."));
    }

    public void Say(string command) => process.StandardInput.WriteLine(command);

    /// <summary>The next line; throws if the process has ended.</summary>
    public string Hear() => process.StandardOutput.ReadLine() ?? throw Ended();

    /// <inheritdoc cref="Hear"/>
    public async Task<string> HearAsync() => await process.StandardOutput.ReadLineAsync() ?? throw Ended();

    public string Ask(string command)
    {
        Say(command);
        return Hear();
    }

    public Task<string> AskAsync(string command)
    {
        Say(command);
        return HearAsync();
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    InvalidOperationException Ended() => new($"{Name} has ended.");
}
