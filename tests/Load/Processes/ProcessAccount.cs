using System.Globalization;

namespace OrleansCallback.Load.Processes;

/// <summary>
/// The operating system's own account of a process and all its descendants, from /proc. Children that have ended are in their parent's
/// cutime and cstime once it has waited for them, and in /proc as zombies until then: none is lost.
/// </summary>
public static class ProcessAccount
{
    const double TicksPerMillisecond = 0.1; // USER_HZ is 100 on every Linux that .NET runs on
    const int Ppid = 1, Utime = 11, Stime = 12, Cutime = 13, Cstime = 14; // fields of proc(5) stat after the command's closing bracket

    /// <summary>CPU milliseconds so far, descendants included.</summary>
    public static double CpuMilliseconds(int pid)
    {
        var processes = All();
        if (!processes.ContainsKey(pid)) throw new InvalidOperationException($"Process {pid} is gone: its account is incomplete.");
        return Tree(pid, processes).Sum(p => p[Utime] + p[Stime] + p[Cutime] + p[Cstime]) / TicksPerMillisecond;
    }

    /// <summary>Resident memory in KiB of the process alone.</summary>
    public static long ResidentKilobytes(int pid) =>
        long.Parse(
            File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);

    static IEnumerable<long[]> Tree(int pid, Dictionary<int, long[]> processes) =>
        processes.Where(p => p.Value[Ppid] == pid).SelectMany(p => Tree(p.Key, processes)).Prepend(processes[pid]);

    static Dictionary<int, long[]> All()
    {
        var processes = new Dictionary<int, long[]>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) && Stat(pid) is { } stat)
                processes[pid] = stat;
        return processes;
    }

    static long[]? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return [.. text[(text.LastIndexOf(')') + 2)..].Split(' ').Take(Cstime + 1).Select(f => long.TryParse(f, CultureInfo.InvariantCulture, out var n) ? n : 0)];
        }
        catch (IOException)
        {
            return null; // ended since it was listed: its parent has waited for it and carries its time
        }
    }
}
