using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Kubernetes;

/// <summary>The Kustomize base as kubectl builds it.</summary>
public sealed partial class ManifestTests
{
    [Fact]
    public async Task The_base_builds_and_holds_silo_web_and_migration()
    {
        var kinds = (await BuildAsync()).Split("\n---\n").Select(d => (Kind().Match(d).Groups[1].Value, Name().Match(d).Groups[1].Value)).ToList();
        Assert.Contains(("Deployment", "silo"), kinds);
        Assert.Contains(("Deployment", "web"), kinds);
        Assert.Contains(("Job", "migration"), kinds);
        Assert.Contains(("Service", "web"), kinds);
    }

    [Fact]
    public async Task Every_environment_name_is_one_that_the_programs_read()
    {
        var names = EnvironmentNames(await BuildAsync()).ToList();
        Assert.Contains("Silo__Port", names);
        Assert.Contains("Trunks__carrier-a__Address", names);
        Assert.All(names, name => Assert.Contains(Trunk().Replace(name, $"Trunks__{KnownSettings.Id}__"), KnownSettings.Names));
    }

    [Fact]
    public async Task Probes_ask_for_what_the_programs_answer_and_the_grace_exceeds_the_drain()
    {
        var silo = (await BuildAsync()).Split("\n---\n")
            .Single(d => d.Contains("kind: Deployment", StringComparison.Ordinal) && Name().Match(d).Groups[1].Value == "silo");
        Assert.Contains("path: /livez", silo, StringComparison.Ordinal);
        Assert.Contains("path: /readyz", silo, StringComparison.Ordinal);
        var drain = TimeSpan.Parse(Regex.Match(silo, "Silo__DrainLimit\n +value: \"?([0-9:]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        var seconds = int.Parse(Regex.Match(silo, "terminationGracePeriodSeconds: ([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        var grace = TimeSpan.FromSeconds(seconds);
        Assert.True(grace > drain + TimeSpan.FromSeconds(20), $"{grace} is not enough for {drain}.");
    }

    [Fact]
    public void Every_setting_stands_in_the_list_of_settings()
    {
        var list = File.ReadAllText(Path.Combine(Repository.Root, "docs", "settings.md"));
        var rows = list.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var missing = KnownSettings.Names.Where(name => !rows.Any(row => Mentions(row, name))).ToList();
        Assert.True(missing.Count == 0, $"Not in docs/settings.md: {string.Join(", ", missing)}");
    }

    // A row names its first setting in full and may shorten the next to `:Name`.
    static bool Mentions(string row, string name)
    {
        var key = name.Replace("__", ":", StringComparison.Ordinal);
        var cut = key.EndsWith(":0", StringComparison.Ordinal) ? key[..^2].LastIndexOf(':') : key.LastIndexOf(':');
        return row.Contains($"`{key}`", StringComparison.Ordinal)
            || cut > 0 && row.Contains($"`{key[..cut]}:", StringComparison.Ordinal) && row.Contains($"`{key[cut..]}`", StringComparison.Ordinal);
    }

    // Keys of the ConfigMaps, all of which are environments here, and names below env:.
    static IEnumerable<string> EnvironmentNames(string manifests)
    {
        foreach (var document in manifests.Split("\n---\n"))
        {
            if (document.Contains("kind: ConfigMap", StringComparison.Ordinal))
                foreach (Match key in ConfigKey().Matches(document[document.IndexOf("\ndata:", StringComparison.Ordinal)..document.IndexOf("\nkind:", StringComparison.Ordinal)]))
                    yield return key.Groups[1].Value;
            foreach (Match block in EnvironmentBlock().Matches(document))
                foreach (Match name in VariableName().Matches(block.Value))
                    yield return name.Groups[1].Value;
        }
    }

    static async Task<string> BuildAsync()
    {
        var start = new ProcessStartInfo("kubectl", ["kustomize", Path.Combine(Repository.Root, "k8s", "base")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var kubectl = Process.Start(start) ?? throw new InvalidOperationException("kubectl did not start.");
        var error = kubectl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await kubectl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await kubectl.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(kubectl.ExitCode == 0, await error);
        return output;
    }

    [GeneratedRegex("^kind: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Kind();

    [GeneratedRegex("^metadata:\n(?:  .*\n)*?  name: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Name();

    [GeneratedRegex("^  ([A-Za-z][^:]*): ", RegexOptions.Multiline)]
    private static partial Regex ConfigKey();

    [GeneratedRegex(@"^( *)(?:- |  )env:\n(?:\1  [- ].*\n)+", RegexOptions.Multiline)]
    private static partial Regex EnvironmentBlock();

    [GeneratedRegex("^ *- name: (.+)$", RegexOptions.Multiline)]
    private static partial Regex VariableName();

    [GeneratedRegex("^Trunks__[^_]+__")]
    private static partial Regex Trunk();
}
