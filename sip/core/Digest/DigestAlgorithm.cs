using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCallback.Sip;

/// <summary>Hash algorithms for digest authentication, weakest first (RFC 7616 section 3.2, RFC 8760 section 2.1).</summary>
public enum DigestAlgorithm
{
    /// <summary>MD5, which RFC 3261 makes the one algorithm that every peer has.</summary>
    Md5,
    /// <summary>SHA-256.</summary>
    Sha256,
    /// <summary>SHA-512/256.</summary>
    Sha512Of256,
}

static class DigestAlgorithms
{
    /// <summary>The name on the wire, without "-sess".</summary>
    public static string Text(this DigestAlgorithm algorithm) =>
        algorithm switch { DigestAlgorithm.Md5 => "MD5", DigestAlgorithm.Sha256 => "SHA-256", _ => "SHA-512-256" };

    /// <summary>The algorithm of this name, "MD5" when there is none; null for one that we do not know.</summary>
    public static DigestAlgorithm? Parse(string? name) => name?.ToUpperInvariant() switch
    {
        null or "MD5" => DigestAlgorithm.Md5,
        "SHA-256" => DigestAlgorithm.Sha256,
        "SHA-512-256" => DigestAlgorithm.Sha512Of256,
        _ => null,
    };

    public static string Hex(this DigestAlgorithm algorithm, string text) => algorithm.Hex(Encoding.UTF8.GetBytes(text));

    [SuppressMessage("Security", "CA5351", Justification = "RFC 3261 makes MD5 the one algorithm that every peer has; stronger ones are taken when offered.")]
    public static string Hex(this DigestAlgorithm algorithm, ReadOnlySpan<byte> data) => Convert.ToHexStringLower(algorithm switch
    {
        DigestAlgorithm.Md5 => MD5.HashData(data),
        DigestAlgorithm.Sha256 => SHA256.HashData(data),
        _ => Sha512Of256.HashData(data),
    });
}
