namespace OrleansCallback.Tests.Prompts;

/// <summary>Tones at 8,000 samples a second.</summary>
public static class Tones
{
    const int Rate = 8_000;

    /// <summary>The power at one frequency in that of all (Goertzel), from 0 to 1.</summary>
    public static double Share(double[] samples, int hertz)
    {
        var (all, factor) = (samples.Sum(s => s * s), 2 * Math.Cos(2 * Math.PI * hertz / Rate));
        if (all == 0) return 0;
        var (one, two) = (0.0, 0.0);
        foreach (var sample in samples) (one, two) = (sample + factor * one - two, one);
        return (one * one + two * two - factor * one * two) * 2 / samples.Length / all;
    }
}
