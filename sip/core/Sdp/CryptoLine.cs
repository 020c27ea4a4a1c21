using System.Globalization;
using OrleansCallback.Sip.Srtp;

namespace OrleansCallback.Sip;

/// <summary>One a=crypto of a stream: a suite and the key of the side that says it (RFC 4568 section 4).</summary>
/// <param name="Tag">What an answer names it by.</param>
/// <param name="Key">For what that side sends.</param>
public sealed record CryptoLine(int Tag, SrtpMasterKey Key)
{
    const string Inline = "inline:";

    /// <summary>What our offers have: a new key for each suite, the strongest first.</summary>
    public static IReadOnlyList<CryptoLine> Generate() =>
        [.. SrtpSuites.ByStrength.Select((suite, n) => new CryptoLine(n + 1, SrtpMasterKey.Generate(suite)))];

    /// <summary>The whole line, key and all.</summary>
    internal string ToLine() => string.Create(CultureInfo.InvariantCulture, $"a=crypto:{Tag} {Key.Suite.Name()} {Inline}{Key.ToInline()}\r\n");

    /// <summary>
    /// Reads what follows "crypto:". False for what is malformed or asks for what is not done here: another suite, several keys, a key
    /// derivation rate, packets left without encryption or authentication, a parameter that is not known and may not be passed over. Such a
    /// line is as if it were not there (RFC 4568 sections 5.1.2 and 6.3.7).
    /// </summary>
    internal static bool TryParse(string text, out CryptoLine line)
    {
        line = null!;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 3 || parts[0].Length > 9 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var tag)) return false;
        if (SrtpSuites.Parse(parts[1]) is not { } suite || !parts[2].StartsWith(Inline, StringComparison.OrdinalIgnoreCase)) return false;
        if (!SrtpMasterKey.TryParseInline(suite, parts[2][Inline.Length..], out var key) || !parts.Skip(3).All(IsHarmless)) return false;
        line = new CryptoLine(tag, key);
        return true;
    }

    /// <summary>A description without its keys, for whoever stores or shows it, however badly it is written.</summary>
    internal static string WithoutKeys(string sdp) => string.Join('\n', sdp.Split('\n').Where(line => !HoldsKey(line)));

    /// <summary>a=crypto, and k=, which held keys before it (RFC 4566 section 5.12).</summary>
    static bool HoldsKey(string line) =>
        line.Contains("crypto", StringComparison.OrdinalIgnoreCase) || line.Contains(Inline, StringComparison.OrdinalIgnoreCase)
        || line.TrimStart().StartsWith("k=", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Session parameters that change nothing: a hint on the window (ours is as long as any asks for), and those whose dash says that they may be
    /// passed over.
    /// </summary>
    static bool IsHarmless(string parameter) =>
        parameter.StartsWith('-') || parameter.StartsWith("WSH=", StringComparison.OrdinalIgnoreCase) || parameter.Equals("KDR=0", StringComparison.OrdinalIgnoreCase);
}
