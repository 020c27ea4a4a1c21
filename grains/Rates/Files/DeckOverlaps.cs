namespace OrleansCallback.Rates.Files;

/// <summary>Finds lines of which two could count at one moment: then nobody could say which.</summary>
static class DeckOverlaps
{
    public static void Find(IReadOnlyList<DeckRate> lines, DeckErrors errors)
    {
        var before = new Dictionary<string, List<DeckRate>>(lines.Count);
        foreach (var line in lines)
        {
            if (!before.TryGetValue(line.Prefix, out var others))
            {
                before[line.Prefix] = [line];
                continue;
            }

            var prefix = line.Prefix.Length == 1 ? DeckColumns.AllNumbers : line.Prefix[1..];
            if (others.Count == DeckRate.MostOfPrefix)
                errors.Add(line.Line, "prefix", prefix, $"a prefix has at most {DeckRate.MostOfPrefix} lines");
            else if (others.Find(line.Overlaps) is { } other)
                errors.Add(line.Line, "prefix", prefix, Problem(line, other));
            else
                others.Add(line);
        }
    }

    static string Problem(DeckRate line, DeckRate other) =>
        line.Window == other.Window && line.ValidFrom == other.ValidFrom && line.ValidTo == other.ValidTo
            ? FormattableString.Invariant($"line {other.Line} is for the same numbers and times")
            : FormattableString.Invariant($"line {other.Line} is for the same numbers and some of the same times");
}
