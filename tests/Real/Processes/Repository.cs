namespace OrleansCallback.Tests.Processes;

/// <summary>Where the sources and the built programs lie.</summary>
public static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Release or Debug: that of these tests.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>A built program of the solution: <c>Program("silo", "OrleansCallback.Silo")</c>.</summary>
    public static string Program(string project, string assembly)
    {
        var path = Path.Combine(Root, project, "bin", Configuration, "net10.0", assembly + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} is not built for {Configuration}.", path);
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansCallback.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"OrleansCallback.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
