using System.Text.RegularExpressions;
using Xunit;

namespace OrleansCallback.Tests.Rules;

/// <summary>House habits that a machine can check.</summary>
public sealed partial class StyleRulesTests
{
    const int LongestFile = 400;

    // .editorconfig's 140 is the aim; this is where reading ends.
    const int LongestLine = 180;

    static readonly string[] VagueNames = ["Helpers", "Helper", "Utils", "Utilities", "Common", "Services", "Models", "Managers", "Misc"];

    // Put together here so that this file does not break the rule that it states.
    static readonly string[] Unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "NotImplemented" + "Exception", "(Skip" + " ="];

    [Fact]
    public void No_source_file_is_too_long() =>
        Findings.None(SourceTree.Files(".cs").Select(f => (f, Lines: SourceTree.Lines(f).Length)).Where(f => f.Lines > LongestFile));

    [Fact]
    public void No_line_is_too_long() =>
        Findings.None(SourceTree.Files(".cs")
            .SelectMany(f => SourceTree.Lines(f).Select((line, n) => (f, n: n + 1, line.Length)))
            .Where(l => l.Length > LongestLine));

    [Fact]
    public void Folders_and_files_have_names_that_say_something() =>
        Findings.None(SourceTree.Files(".cs").Where(f => Path.ChangeExtension(f, null).Split('/').Any(VagueNames.Contains)));

    [Fact]
    public void Nothing_is_left_unfinished() => Findings.None(Mentions(SourceTree.TextFiles, Unfinished, StringComparison.Ordinal));

    [Fact]
    public void No_test_is_skipped_or_sleeps_in_the_rings_with_a_virtual_clock()
    {
        var rings = SourceTree.Files(".cs").Where(f =>
            f.StartsWith("tests/Pure/", StringComparison.Ordinal) || f.StartsWith("tests/Cluster/", StringComparison.Ordinal));
        Findings.None(Mentions(rings, ["Thread" + ".Sleep", "Assert" + ".Skip"], StringComparison.Ordinal));
    }

    [Fact]
    public void The_repository_speaks_of_the_product_alone() =>
        Findings.None(Mentions(SourceTree.TextFiles, ["/wo" + "rk/", "/tm" + "p/w/", "../sha" + "red"], StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Test_names_are_sentences()
    {
        var names =
            from file in SourceTree.Files(".cs").Where(f => f.StartsWith("tests/", StringComparison.Ordinal))
            from Match test in TestMethod().Matches(SourceTree.Text(file))
            select (file, Name: test.Groups["name"].Value);
        Assert.All(names, test => Assert.True(test.Name.Contains('_', StringComparison.Ordinal), $"{test.file}: {test.Name}"));
    }

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\]]*\]\s*(?:\[[^\]]*\]\s*)*public (?:async )?(?:void|Task|ValueTask) (?<name>\w+)")]
    private static partial Regex TestMethod();

    static IEnumerable<string> Mentions(IEnumerable<string> files, string[] words, StringComparison comparison) =>
        from file in files
        from line in SourceTree.Lines(file).Select((text, n) => (text, n: n + 1))
        from word in words
        where line.text.Contains(word, comparison)
        select $"{file}({line.n}): {line.text.Trim()}";
}
