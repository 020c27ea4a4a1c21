using OrleansCallback.Sip;

namespace OrleansCallback.Silo.Legs;

/// <summary>Whether legs are encrypted, from the setting of a trunk or of all terminals.</summary>
static class TrunkEncryption
{
    /// <summary>What to write, for who wrote something else.</summary>
    public const string Rule = "write off, preferred or required";

    /// <summary>Reads <c>preferred</c>, in any case of letters.</summary>
    public static bool TryRead(string text, out MediaEncryption encryption)
    {
        (var known, encryption) = text.ToUpperInvariant() switch
        {
            "OFF" => (true, MediaEncryption.Off),
            "PREFERRED" => (true, MediaEncryption.Preferred),
            "REQUIRED" => (true, MediaEncryption.Required),
            _ => (false, MediaEncryption.Off),
        };
        return known;
    }

    /// <summary>A leg's side of the stream with keys of its own.</summary>
    /// <param name="local">The leg's side without.</param>
    /// <param name="setting">A setting that has been checked.</param>
    public static LocalAudio Encrypted(this LocalAudio local, string setting) =>
        !TryRead(setting, out var encryption) ? throw new FormatException($"'{setting}' says nothing of encryption.")
        : encryption == MediaEncryption.Off ? local
        : local with { Encryption = encryption, Crypto = CryptoLine.Generate() };
}
