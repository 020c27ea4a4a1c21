namespace OrleansCallback.Rates.Files;

/// <summary>The errors of a file: all are counted, the first are kept.</summary>
public sealed class DeckErrors
{
    /// <summary>How many are kept.</summary>
    public const int Most = 100;

    const int LongestValue = 60;

    readonly List<DeckError> first = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The first of them, in the order of their lines.</summary>
    public IReadOnlyList<DeckError> First => [.. first.OrderBy(error => error.Line)];

    /// <summary>Notes one.</summary>
    public void Add(int line, string? column, string? value, string problem)
    {
        Count++;
        if (first.Count < Most) first.Add(new(line, column, Shown(value), problem));
    }

    static string? Shown(string? value)
    {
        if (value is null) return null;
        var shown = value.Length <= LongestValue ? value : $"{value[..LongestValue]}…";
        return new(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c).ToArray());
    }
}
