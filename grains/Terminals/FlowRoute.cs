using System.Globalization;

namespace OrleansCallback.Terminals;

/// <summary>
/// The route of a leg to a terminal: its flows take the place of trunks, the best liked first. No id of a trunk starts with its sign.
/// </summary>
public static class FlowRoute
{
    /// <summary>Most flows that one call tries.</summary>
    public const int Most = 3;

    const string Prefix = "@flow/";

    /// <summary>The route over so many flows; over at least one, whose absence is found out when it is asked for.</summary>
    public static IReadOnlyList<string> Over(int flows) =>
        [.. Enumerable.Range(1, Math.Clamp(flows, 1, Most)).Select(number => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}"))];

    /// <summary>Whether an entry of a route is a flow and no trunk.</summary>
    public static bool Has(string trunk) => trunk.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Which flow of its owner's it is, from 1.</summary>
    public static int NumberOf(string trunk) => int.Parse(trunk.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);
}
