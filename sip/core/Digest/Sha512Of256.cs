using System.Buffers.Binary;
using System.Numerics;

namespace OrleansCallback.Sip;

/// <summary>
/// SHA-512/256 (FIPS 180-4 sections 5.3.6.2 and 6.7), which RFC 8760 asks for and .NET does not have. Its constants are computed from the
/// definition: the first 64 bits of the fractions of roots of the first primes.
/// </summary>
static class Sha512Of256
{
    const int Block = 128;

    static readonly ulong[] K = [.. Primes(80).Select(p => Fraction(p, 3))];
    static readonly ulong[] Start = StartValues();

    public static byte[] HashData(ReadOnlySpan<byte> data)
    {
        var result = new byte[64];
        Hash(data, Start, result);
        return result[..32];
    }

    /// <summary>FIPS 180-4 section 5.3.6: SHA-512 with changed start values, over the name.</summary>
    static ulong[] StartValues()
    {
        ulong[] seed = [.. Primes(8).Select(p => Fraction(p, 2) ^ 0xa5a5a5a5a5a5a5a5)];
        var bytes = new byte[64];
        Hash("SHA-512/256"u8, seed, bytes);
        return [.. Enumerable.Range(0, 8).Select(i => BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8 * i)))];
    }

    static void Hash(ReadOnlySpan<byte> data, ulong[] start, Span<byte> result)
    {
        var state = (ulong[])start.Clone();
        var whole = data.Length / Block * Block;
        for (var i = 0; i < whole; i += Block) Compress(state, data.Slice(i, Block));
        var rest = data[whole..];
        // The end: a one bit, zeros, the length in bits in the last 16 bytes.
        Span<byte> tail = stackalloc byte[2 * Block];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var length = rest.Length + 17 <= Block ? Block : 2 * Block;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(length - 8)..], (ulong)data.Length * 8);
        for (var i = 0; i < length; i += Block) Compress(state, tail.Slice(i, Block));
        for (var i = 0; i < 8; i++) BinaryPrimitives.WriteUInt64BigEndian(result[(8 * i)..], state[i]);
    }

    static void Compress(ulong[] state, ReadOnlySpan<byte> block)
    {
        Span<ulong> w = stackalloc ulong[80];
        for (var i = 0; i < 16; i++) w[i] = BinaryPrimitives.ReadUInt64BigEndian(block[(8 * i)..]);
        for (var i = 16; i < 80; i++) w[i] = Small(w[i - 2], 19, 61, 6) + w[i - 7] + Small(w[i - 15], 1, 8, 7) + w[i - 16];
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
        for (var i = 0; i < 80; i++)
        {
            var one = h + Large(e, 14, 18, 41) + ((e & f) ^ (~e & g)) + K[i] + w[i];
            var two = Large(a, 28, 34, 39) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + one, c, b, a, one + two);
        }
        ReadOnlySpan<ulong> round = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < 8; i++) state[i] += round[i];
    }

    static ulong Small(ulong x, int first, int second, int shift) =>
        BitOperations.RotateRight(x, first) ^ BitOperations.RotateRight(x, second) ^ (x >> shift);

    static ulong Large(ulong x, int first, int second, int third) =>
        BitOperations.RotateRight(x, first) ^ BitOperations.RotateRight(x, second) ^ BitOperations.RotateRight(x, third);

    static IEnumerable<int> Primes(int count) =>
        Enumerable.Range(2, 1_000).Where(n => Enumerable.Range(2, n - 2).All(d => n % d != 0)).Take(count);

    /// <summary>The first 64 bits behind the point of a root: the integer root of p × 2^(64 × degree), less its whole part.</summary>
    static ulong Fraction(int p, int degree)
    {
        var shifted = (BigInteger)p << (64 * degree);
        BigInteger low = 0, high = BigInteger.One << 80;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (BigInteger.Pow(middle, degree) <= shifted) low = middle;
            else high = middle;
        }
        return (ulong)(low & ulong.MaxValue);
    }
}
