using System.Globalization;

namespace OrleansCallback.Load;

/// <summary>The options of a command: <c>--name value</c>, and <c>--json</c> without one.</summary>
sealed class CommandLine
{
    readonly Dictionary<string, string> values = [];

    public CommandLine(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--json") Json = true;
            else if (args[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length) values[args[i][2..]] = args[++i];
            else Error = $"'{args[i]}' is no option.";
        }
    }

    /// <summary>What is wrong; empty if nothing is.</summary>
    public string Error { get; private set; } = "";

    public bool Json { get; }

    /// <summary><c>postgres</c> or <c>sqlite</c>.</summary>
    public string Store
    {
        get
        {
            var store = values.GetValueOrDefault("store", "postgres");
            Check(store is "postgres" or "sqlite", "--store is postgres or sqlite.");
            return store;
        }
    }

    /// <summary>A text.</summary>
    public string Text(string name, string otherwise) => values.GetValueOrDefault(name, otherwise);

    /// <summary>A number; what is none is none of any range.</summary>
    public double Number(string name, double otherwise) =>
        !values.TryGetValue(name, out var text) ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    /// <summary>A whole number; -1 for what is none.</summary>
    public int Whole(string name, int otherwise) => Number(name, otherwise) is var number && number == Math.Floor(number) && number is >= 0 and <= int.MaxValue ? (int)number : -1;

    /// <summary>Notes what is wrong unless it is so.</summary>
    public void Check(bool good, string error)
    {
        if (!good) Error = error;
    }
}
