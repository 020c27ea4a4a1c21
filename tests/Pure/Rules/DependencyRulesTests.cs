using System.Xml.Linq;
using Xunit;

namespace OrleansCallback.Tests.Rules;

/// <summary>Who may refer to whom. A line here is changed with the design, not to make a build pass.</summary>
public sealed class DependencyRulesTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["grain-interfaces"] = [],
        ["grains"] = ["grain-interfaces"],
        ["sip/core"] = [],
        ["sip/net"] = ["sip/core"],
        ["sip/sandbox"] = ["sip/core", "sip/net"],
        ["silo"] = ["grains", "grain-interfaces", "sip/core", "sip/net"],
        ["web"] = ["grain-interfaces", "silo", "sip/sandbox"],
    };

    static readonly Dictionary<string, string[]> ForbiddenPackages = new()
    {
        ["grain-interfaces"] = ["Npgsql", "Microsoft.Data.Sqlite", "Microsoft.Orleans.Server"],
        ["grains"] = ["Npgsql", "Microsoft.Data.Sqlite"],
        ["sip/core"] = ["Microsoft.Orleans", "Npgsql", "Microsoft.Data.Sqlite"],
        ["sip/net"] = ["Microsoft.Orleans", "Npgsql", "Microsoft.Data.Sqlite"],
        ["sip/sandbox"] = ["Microsoft.Orleans", "Npgsql", "Microsoft.Data.Sqlite"],
    };

    static readonly Dictionary<string, string[]> ForbiddenNames = new()
    {
        ["grains/"] = ["System.Net.Sockets", "DateTime.UtcNow", "DateTimeOffset.UtcNow"],
        ["grain-interfaces/"] = ["System.Net.Sockets", "DateTime.UtcNow", "DateTimeOffset.UtcNow"],
        ["sip/"] = ["using Orleans;", "using Orleans.", "DateTime.UtcNow", "DateTimeOffset.UtcNow"],
        ["silo/"] = ["DateTime.UtcNow", "DateTimeOffset.UtcNow"],
        ["web/"] = ["Npgsql", "Microsoft.Data.Sqlite", "DateTime.UtcNow", "DateTimeOffset.UtcNow"],
    };

    /// <summary>The demo judges the ledger by SQL of its own: it must not ask the code that it tries.</summary>
    static readonly Dictionary<string, string[]> Excepted = new() { ["web/Demo/LedgerFile.cs"] = ["Microsoft.Data.Sqlite"] };

    [Fact]
    public void Projects_refer_only_downwards()
    {
        var wrong =
            from project in SourceTree.Files(".csproj").Where(p => !p.StartsWith("tests/", StringComparison.Ordinal))
            let folder = Folder(project)
            from reference in References(project, "ProjectReference")
            let target = Folder(Path.GetRelativePath(SourceTree.Root, Path.Combine(SourceTree.Root, folder, reference.Replace('\\', '/'))))
            where !Allowed.TryGetValue(folder, out var allowed) || !allowed.Contains(target)
            select $"{folder} refers to {target}";
        Findings.None(wrong);
    }

    [Fact]
    public void The_layers_below_know_no_database_and_sip_knows_no_Orleans()
    {
        var wrong =
            from project in SourceTree.Files(".csproj")
            from forbidden in ForbiddenPackages.GetValueOrDefault(Folder(project), [])
            from package in References(project, "PackageReference")
            where package.StartsWith(forbidden, StringComparison.Ordinal)
            select $"{project} uses {package}";
        Findings.None(wrong);
    }

    [Fact]
    public void Sources_stay_within_their_layer_and_take_time_from_outside()
    {
        var wrong =
            from rule in ForbiddenNames
            from file in SourceTree.Files(".cs").Where(f => f.StartsWith(rule.Key, StringComparison.Ordinal))
            let text = SourceTree.Text(file)
            from name in rule.Value
            where text.Contains(name, StringComparison.Ordinal) && !Excepted.GetValueOrDefault(file, []).Contains(name)
            select $"{file}: {name}";
        Findings.None(wrong);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = SourceTree.Text("OrleansCallback.sln").Replace('\\', '/');
        Assert.All(SourceTree.Files(".csproj"), project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_place()
    {
        var wrong = SourceTree.Files(".csproj").Where(p =>
            XDocument.Parse(SourceTree.Text(p)).Descendants("PackageReference").Any(r => r.Attribute("Version") is not null));
        Findings.None(wrong);
    }

    static string Folder(string project) => Path.GetDirectoryName(project)!.Replace('\\', '/');

    static IEnumerable<string> References(string project, string kind) =>
        XDocument.Parse(SourceTree.Text(project)).Descendants(kind).Select(r => r.Attribute("Include")!.Value);
}
