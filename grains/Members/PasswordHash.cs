using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Konscious.Security.Cryptography;

namespace OrleansCallback.Members;

/// <summary>
/// Argon2id (RFC 9106) with its parameters beside the hash, so that they can be raised later: <c>argon2id$19456$2$1$salt$hash</c>.
/// </summary>
public static class PasswordHash
{
    /// <summary>The longest password that is looked at.</summary>
    public const int LongestPassword = 256;

    const int MemoryKib = 19_456;
    const int Iterations = 2;
    const int Lanes = 1;
    const int SaltBytes = 16;
    const int HashBytes = 32;

    /// <summary>Costs as much as a real check; what an unknown account's password is checked against.</summary>
    public static string NoAccount { get; } =
        Format(MemoryKib, Iterations, Lanes, new byte[SaltBytes], RandomNumberGenerator.GetBytes(HashBytes));

    /// <summary>Hashes a password of 1 to <see cref="LongestPassword"/> characters with a fresh salt. Slow on purpose.</summary>
    public static string Create(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Format(MemoryKib, Iterations, Lanes, salt, Hash(password, salt, MemoryKib, Iterations, Lanes));
    }

    /// <summary>Whether the password is the one that was hashed; compares in constant time.</summary>
    public static bool Verify(string password, string stored)
    {
        if (password.Length is 0 or > LongestPassword) return false;
        var parts = stored.Split('$');
        if (parts is not ["argon2id", var memory, var iterations, var lanes, var salt, var hash])
            throw new FormatException("A stored password hash is not of the form argon2id$memory$iterations$lanes$salt$hash.");
        var actual = Hash(password, Convert.FromBase64String(salt), Number(memory), Number(iterations), Number(lanes));
        return CryptographicOperations.FixedTimeEquals(actual, Convert.FromBase64String(hash));
    }

    static byte[] Hash(string password, byte[] salt, int memoryKib, int iterations, int lanes)
    {
        using var argon2 = new Argon2id(Encoding.UTF8.GetBytes(password))
        {
            Salt = salt, MemorySize = memoryKib, Iterations = iterations, DegreeOfParallelism = lanes,
        };
        return argon2.GetBytes(HashBytes);
    }

    static string Format(int memoryKib, int iterations, int lanes, byte[] salt, byte[] hash) => string.Create(
        CultureInfo.InvariantCulture, $"argon2id${memoryKib}${iterations}${lanes}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
