namespace OrleansCallback.Tests.Rules;

/// <summary>The repository's own files, build output aside.</summary>
static class SourceTree
{
    static readonly string[] NotOurs = ["bin", "obj", ".git", ".vs", ".idea", "TestResults", "artifacts", "data", "node_modules"];
    static readonly string[] TextKinds = [".cs", ".csproj", ".props", ".md", ".json", ".xml", ".yaml", ".yml", ".sql", ".js", ".css", ".html", ".sh", ".http"];

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Files of a kind, as paths from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files(string extension) => [.. All.Where(f => f.EndsWith(extension, StringComparison.Ordinal))];

    /// <summary>All files of text.</summary>
    public static IReadOnlyList<string> TextFiles =>
        [.. All.Where(f => TextKinds.Contains(Path.GetExtension(f)) || f is "tests/run" or ".ci/run")];

    /// <summary>A file's lines.</summary>
    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>A file's text.</summary>
    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    static IReadOnlyList<string> All { get; } = [.. Walk(new DirectoryInfo(Root))];

    static IEnumerable<string> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Select(f => Path.GetRelativePath(Root, f.FullName).Replace('\\', '/'))
            .Concat(folder.EnumerateDirectories().Where(d => !NotOurs.Contains(d.Name)).SelectMany(Walk));

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansCallback.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"OrleansCallback.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
