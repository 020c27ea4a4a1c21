using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Prompts;

/// <summary>
/// What recordings sound like, and whether something that a phone heard has one in it. G.711 is expanded here by ITU-T's formulas, with nothing of
/// the product's code.
/// </summary>
public static class SpokenClips
{
    /// <summary>Samples of a frame: clips begin with a packet.</summary>
    const int Frame = 160;

    /// <summary>Above this two pieces of audio are the same but for the companding law; different ones stay below 0.3.</summary>
    const double Same = 0.9;

    /// <summary>One of the program's own recordings.</summary>
    public static double[] Own(string language, string name) =>
        MuLaw(File.ReadAllBytes(Path.Combine(Repository.Root, "silo", "Prompts", language, $"{name}.ulaw")));

    /// <summary>Mu-law as linear samples.</summary>
    public static double[] MuLaw(ReadOnlySpan<byte> coded) => Expand(coded, code =>
    {
        var bits = (byte)~code;
        var magnitude = ((((bits & 0x0F) << 3) + 132) << ((bits >> 4) & 7)) - 132;
        return (bits & 0x80) != 0 ? -magnitude : magnitude;
    });

    /// <summary>A-law as linear samples.</summary>
    public static double[] ALaw(ReadOnlySpan<byte> coded) => Expand(coded, code =>
    {
        var bits = (byte)(code ^ 0x55);
        var (step, segment) = ((bits & 0x0F) * 2 + 1, (bits >> 4) & 7);
        var magnitude = segment == 0 ? step << 3 : (step + 32) << (segment + 2);
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    });

    /// <summary>Where in what was heard a clip stands in full, in frames; null if it does not.</summary>
    public static int? FindIn(double[] heard, double[] clip)
    {
        for (var at = 0; at + clip.Length <= heard.Length; at += Frame)
            if (Alike(heard.AsSpan(at, clip.Length), clip) > Same) return at / Frame;
        return null;
    }

    /// <summary>Correlation of two pieces of equal length, from -1 to 1.</summary>
    static double Alike(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        double product = 0, powerOne = 0, powerOther = 0;
        for (var i = 0; i < one.Length; i++)
        {
            product += one[i] * other[i];
            powerOne += one[i] * one[i];
            powerOther += other[i] * other[i];
        }

        return powerOne == 0 || powerOther == 0 ? 0 : product / Math.Sqrt(powerOne * powerOther);
    }

    static double[] Expand(ReadOnlySpan<byte> coded, Func<byte, int> sample)
    {
        var linear = new double[coded.Length];
        for (var i = 0; i < linear.Length; i++) linear[i] = sample(coded[i]);
        return linear;
    }
}
