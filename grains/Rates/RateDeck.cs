using System.Security.Cryptography;
using System.Text;
using OrleansCallback.Terminals;
using OrleansCallback.Trunks;

namespace OrleansCallback.Rates;

/// <summary>One flat rate per trunk, and one for all terminals. The version is a hash of all rates: the same on every silo, another after any change.</summary>
public sealed class RateDeck(IReadOnlyDictionary<string, TrunkOptions> trunks, long terminalRate = 0)
{
    /// <summary>Names this set of rates.</summary>
    public string Version { get; } = VersionOf(trunks, terminalRate);

    /// <summary>The trunks of a route that have a rate, in its order: the others are not used.</summary>
    public IReadOnlyList<string> Rated(IReadOnlyList<string> route) => [.. route.Where(trunk => Rate(trunk) is not null)];

    /// <summary>The prices of a call that may use these trunks; null if a leg has none with a rate.</summary>
    public RateCard? Price(IReadOnlyList<string> routeA, IReadOnlyList<string> routeB)
    {
        if (Rated(routeA).Count == 0 || Rated(routeB).Count == 0) return null;
        var rates = routeA.Concat(routeB).Distinct().Where(trunk => Rate(trunk) is not null).ToDictionary(trunk => trunk, trunk => new Money(Rate(trunk)!.Value));
        return new(Version, Dearest(routeA, rates), Dearest(routeB, rates)) { Trunks = rates };
    }

    static Money Dearest(IReadOnlyList<string> route, Dictionary<string, Money> rates) =>
        new(route.Where(rates.ContainsKey).Max(trunk => rates[trunk].Micros));

    long? Rate(string trunk) => FlowRoute.Has(trunk) ? terminalRate : trunks.TryGetValue(trunk, out var options) && options.RatePerSecond >= 0 ? options.RatePerSecond : null;

    static string VersionOf(IReadOnlyDictionary<string, TrunkOptions> trunks, long terminalRate)
    {
        var lines = trunks.OrderBy(trunk => trunk.Key, StringComparer.Ordinal)
            .Select(trunk => FormattableString.Invariant($"{trunk.Key}={trunk.Value.RatePerSecond}"))
            .Append(FormattableString.Invariant($"terminals={terminalRate}"));
        return "flat-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))).AsSpan(0, 6));
    }
}
