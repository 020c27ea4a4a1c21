namespace OrleansCallback.Tests.Prompts;

/// <summary>What tells a tone from everything else.</summary>
public static class Tones
{
    const int NarrowRate = 8_000;

    /// <summary>The power at one frequency in that of all (Goertzel), from 0 to 1.</summary>
    public static double Share(double[] samples, int hertz, int rate = NarrowRate)
    {
        var (all, factor) = (samples.Sum(s => s * s), 2 * Math.Cos(2 * Math.PI * hertz / rate));
        if (all == 0) return 0;
        var (one, two) = (0.0, 0.0);
        foreach (var sample in samples) (one, two) = (sample + factor * one - two, one);
        return (one * one + two * two - factor * one * two) * 2 / samples.Length / all;
    }
}
