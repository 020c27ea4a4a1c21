using System.Globalization;

namespace OrleansCallback.Load.Processes;

/// <summary>Keeps a process on one core, where there are two, so that what is measured and what measures do not take turns.</summary>
public static class Cores
{
    /// <summary>The command to run so that it stays on a core, counted from 0; as it is where there is one core only.</summary>
    public static IReadOnlyList<string> On(int core, params string[] command) =>
        Environment.ProcessorCount < 2 ? command : ["taskset", "-c", core.ToString(CultureInfo.InvariantCulture), .. command];
}
