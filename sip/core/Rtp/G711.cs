namespace OrleansCallback.Sip.Rtp;

/// <summary>The two companding laws of ITU-T G.711.</summary>
public enum G711Law : byte
{
    /// <summary>Mu-law, PCMU, static payload type 0: North America and Japan.</summary>
    Mu,

    /// <summary>A-law, PCMA, static payload type 8: everywhere else.</summary>
    A,
}

/// <summary>ITU-T G.711 between 16-bit linear samples and the two laws, and from law to law by table.</summary>
public static class G711
{
    /// <summary>Samples in a second of G.711, and ticks of its RTP clock.</summary>
    public const int SamplesPerSecond = 8000;

    /// <summary>Samples, and bytes, in a millisecond.</summary>
    public const int SamplesPerMillisecond = SamplesPerSecond / 1000;

    const int MuBias = 0x84;
    const int MuClip = 32635;

    static readonly byte[] MuToA = Table(code => EncodeA(DecodeMu(code)));
    static readonly byte[] AToMu = Table(code => EncodeMu(DecodeA(code)));

    /// <summary>Rewrites a payload in place from one law to the other; does nothing when they are the same.</summary>
    public static void Convert(Span<byte> payload, G711Law from, G711Law to)
    {
        if (from == to) return;
        var table = from == G711Law.Mu ? MuToA : AToMu;
        for (var i = 0; i < payload.Length; i++) payload[i] = table[payload[i]];
    }

    /// <summary>One 16-bit linear sample in the given law.</summary>
    public static byte Encode(short sample, G711Law law) => law == G711Law.Mu ? EncodeMu(sample) : EncodeA(sample);

    /// <summary>The 16-bit linear sample of one code.</summary>
    public static short Decode(byte code, G711Law law) => law == G711Law.Mu ? DecodeMu(code) : DecodeA(code);

    static byte EncodeMu(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), MuClip) + MuBias;
        var segment = Log2(magnitude) - 7;
        var step = (magnitude >> (segment + 3)) & 0x0F;
        return (byte)~(sign | (segment << 4) | step);
    }

    static short DecodeMu(byte code)
    {
        var bits = (byte)~code;
        var magnitude = ((((bits & 0x0F) << 3) + MuBias) << ((bits & 0x70) >> 4)) - MuBias;
        return (short)((bits & 0x80) != 0 ? -magnitude : magnitude);
    }

    static byte EncodeA(short sample)
    {
        // A-law has no code for zero: the negative half starts at -1, so that every code decodes to a sample that encodes to it.
        var sign = sample >= 0 ? 0x80 : 0;
        var magnitude = (sample >= 0 ? sample : -(sample + 1)) >> 3;
        var segment = magnitude < 32 ? 0 : Log2(magnitude) - 4;
        var step = (segment == 0 ? magnitude >> 1 : magnitude >> segment) & 0x0F;
        return (byte)((sign | (segment << 4) | step) ^ 0x55);
    }

    static short DecodeA(byte code)
    {
        var bits = code ^ 0x55;
        var segment = (bits & 0x70) >> 4;
        var magnitude = ((bits & 0x0F) << 4) + 8;
        if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
        return (short)((bits & 0x80) != 0 ? magnitude : -magnitude);
    }

    static int Log2(int value) => System.Numerics.BitOperations.Log2((uint)value);

    static byte[] Table(Func<byte, byte> convert) => [.. Enumerable.Range(0, 256).Select(code => convert((byte)code))];
}
