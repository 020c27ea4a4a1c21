using System.Security.Cryptography;
using System.Text;
using OrleansCallback.Terminals;
using OrleansCallback.Trunks;

namespace OrleansCallback.Rates;

/// <summary>
/// One flat rate per trunk, and one for all terminals: what counts where no deck does. The version is a hash of all rates: the same on every silo,
/// another after any change.
/// </summary>
public sealed class FlatRates(IReadOnlyDictionary<string, TrunkOptions> trunks, long terminalRate = 0)
{
    /// <summary>Names this set of rates.</summary>
    public string Version { get; } = VersionOf(trunks, terminalRate);

    /// <summary>A trunk's rate; null if it has none.</summary>
    public TrunkRate? Of(string trunk) =>
        PerSecond(trunk) is { } rate ? new(trunk, Version, RouteTable.All, Rate.Flat(new(rate))) : null;

    long? PerSecond(string trunk) =>
        FlowRoute.Has(trunk) ? terminalRate
        : trunks.TryGetValue(trunk, out var options) && options.RatePerSecond >= 0 ? options.RatePerSecond : null;

    static string VersionOf(IReadOnlyDictionary<string, TrunkOptions> trunks, long terminalRate)
    {
        var lines = trunks.OrderBy(trunk => trunk.Key, StringComparer.Ordinal)
            .Select(trunk => FormattableString.Invariant($"{trunk.Key}={trunk.Value.RatePerSecond}"))
            .Append(FormattableString.Invariant($"terminals={terminalRate}"));
        return "flat-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))).AsSpan(0, 6));
    }
}
