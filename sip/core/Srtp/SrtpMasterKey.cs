using System.Security.Cryptography;

namespace OrleansCallback.Sip.Srtp;

/// <summary>A master key with its salt, for what one side sends (RFC 4568 section 6.1). Its bytes leave it only into the SDP that carries them
/// and into the ciphers: there is no property and no text that shows them.</summary>
public sealed class SrtpMasterKey : IEquatable<SrtpMasterKey>
{
    /// <summary>The longest master key identifier (RFC 4568 section 6.1).</summary>
    const int MaxMki = 128;
    const int MaxMkiDigits = 309;

    readonly byte[] bytes; // key, then salt
    readonly byte[] mki;

    internal SrtpMasterKey(SrtpSuite suite, ReadOnlySpan<byte> keyAndSalt, ReadOnlySpan<byte> mki = default)
    {
        if (keyAndSalt.Length != suite.KeyLength() + suite.SaltLength())
            throw new ArgumentException($"{suite.Name()} does not have {keyAndSalt.Length} bytes of key and salt.", nameof(keyAndSalt));
        Suite = suite;
        (bytes, this.mki) = (keyAndSalt.ToArray(), mki.ToArray());
    }

    /// <summary>What it is a key for.</summary>
    public SrtpSuite Suite { get; }

    /// <summary>The identifier that each packet under this key carries; empty for none, which is what our own keys have.</summary>
    internal ReadOnlySpan<byte> Mki => mki;

    internal ReadOnlySpan<byte> Key => bytes.AsSpan(0, Suite.KeyLength());

    internal ReadOnlySpan<byte> Salt => bytes.AsSpan(Suite.KeyLength());

    /// <summary>A new key from the operating system's random numbers.</summary>
    public static SrtpMasterKey Generate(SrtpSuite suite) => new(suite, RandomNumberGenerator.GetBytes(suite.KeyLength() + suite.SaltLength()));

    /// <inheritdoc/>
    public bool Equals(SrtpMasterKey? other) =>
        other is not null && Suite == other.Suite && CryptographicOperations.FixedTimeEquals(bytes, other.bytes) && mki.AsSpan().SequenceEqual(other.mki);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SrtpMasterKey);

    /// <summary>Tells nothing of the key.</summary>
    public override int GetHashCode() => (int)Suite;

    /// <summary>The suite's name alone.</summary>
    public override string ToString() => Suite.Name();

    /// <summary>Key and salt in Base64, as "inline:" has them.</summary>
    internal string ToInline() => Convert.ToBase64String(bytes);

    /// <summary>Reads what follows "inline:": <c>key||salt["|"lifetime]["|"MKI:length]</c>. False for anything that RFC 4568 section 6.1 does
    /// not allow for the suite.</summary>
    internal static bool TryParseInline(SrtpSuite suite, string text, out SrtpMasterKey key)
    {
        key = null!;
        var parts = text.Split('|');
        Span<byte> buffer = stackalloc byte[suite.KeyLength() + suite.SaltLength()];
        // Some leave the padding out.
        var padded = parts[0].PadRight((parts[0].Length + 3) / 4 * 4, '=');
        if (parts.Length > 3 || !Convert.TryFromBase64String(padded, buffer, out var length) || length != buffer.Length) return false;
        byte[] identifier = [];
        var rest = parts.AsSpan(1);
        if (!rest.IsEmpty && !rest[0].Contains(':', StringComparison.Ordinal))
        {
            if (!IsLifetime(rest[0])) return false;
            rest = rest[1..];
        }
        if (rest.Length > 1 || (rest.Length == 1 && !TryParseMki(rest[0], out identifier))) return false;
        key = new SrtpMasterKey(suite, buffer, identifier);
        return true;
    }

    /// <summary>How many packets its sender may protect with the key: to be kept by the sender, here it has to be one that can be.</summary>
    static bool IsLifetime(string text)
    {
        var isPower = text.StartsWith("2^", StringComparison.Ordinal);
        if (!ulong.TryParse(isPower ? text[2..] : text, System.Globalization.NumberStyles.None, null, out var number)) return false;
        return isPower ? number <= 48 : number is > 0 and <= 1UL << 48;
    }

    static bool TryParseMki(string text, out byte[] identifier)
    {
        identifier = [];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is < 1 or > MaxMkiDigits || !int.TryParse(text[(colon + 1)..], System.Globalization.NumberStyles.None, null, out var length)) return false;
        if (length is < 1 or > MaxMki) return false;
        if (!System.Numerics.BigInteger.TryParse(text[..colon], System.Globalization.NumberStyles.None, null, out var value)) return false;
        if (value.GetByteCount(isUnsigned: true) > length) return false;
        identifier = new byte[length];
        value.TryWriteBytes(identifier.AsSpan(length - value.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        return true;
    }
}
