using System.Globalization;

namespace OrleansCallback.Tests.Processes;

/// <summary>One temporary folder per test run for logs, traces and databases; it stays for whoever looks for a failure's cause.</summary>
public static class TestFolder
{
    static int files;

    /// <summary>The folder.</summary>
    public static string Path { get; } = Directory.CreateTempSubdirectory("orleanscallback-real-").FullName;

    /// <summary>A new file name in it.</summary>
    public static string NewFile(string name) =>
        System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref files):000}-{name}"));
}
