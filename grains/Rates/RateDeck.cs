using System.Security.Cryptography;
using System.Text;
using OrleansCallback.Trunks;

namespace OrleansCallback.Rates;

/// <summary>One flat rate per trunk. The version is a hash of all rates: the same on every silo, another after any change.</summary>
public sealed class RateDeck(IReadOnlyDictionary<string, TrunkOptions> trunks)
{
    /// <summary>Names this set of rates.</summary>
    public string Version { get; } = VersionOf(trunks);

    /// <summary>The prices of a call over two trunks; null if one of them has no rate.</summary>
    public RateCard? Price(string trunkA, string trunkB) =>
        Rate(trunkA) is { } a && Rate(trunkB) is { } b ? new(Version, new(a), new(b)) : null;

    long? Rate(string trunk) => trunks.TryGetValue(trunk, out var options) && options.RatePerSecond >= 0 ? options.RatePerSecond : null;

    static string VersionOf(IReadOnlyDictionary<string, TrunkOptions> trunks)
    {
        var lines = trunks.OrderBy(trunk => trunk.Key, StringComparer.Ordinal)
            .Select(trunk => FormattableString.Invariant($"{trunk.Key}={trunk.Value.RatePerSecond}"));
        return "flat-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))).AsSpan(0, 6));
    }
}
