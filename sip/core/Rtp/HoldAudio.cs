namespace OrleansCallback.Sip.Rtp;

/// <summary>What a leg hears while it waits: a loop of samples, kept in both laws so that sending it is a copy.</summary>
public sealed class HoldAudio
{
    const int LongestFrame = 60 * G711.SamplesPerMillisecond;

    readonly byte[] mu;
    readonly byte[] a;

    HoldAudio(byte[] samples, G711Law law)
    {
        Samples = samples.Length;
        var looped = WithTail(samples);
        var other = (byte[])looped.Clone();
        G711.Convert(other, law, law == G711Law.Mu ? G711Law.A : G711Law.Mu);
        (mu, a) = law == G711Law.Mu ? (looped, other) : (other, looped);
    }

    /// <summary>Samples before the loop starts again.</summary>
    public int Samples { get; }

    /// <summary>From G.711 samples as they go on the wire.</summary>
    public static HoldAudio FromSamples(ReadOnlySpan<byte> samples, G711Law law)
    {
        if (samples.IsEmpty) throw new ArgumentException("Hold audio needs at least one sample.", nameof(samples));
        return new HoldAudio(samples.ToArray(), law);
    }

    /// <summary>From 16-bit linear samples, 8,000 a second, one channel.</summary>
    public static HoldAudio FromLinear(ReadOnlySpan<short> samples)
    {
        var encoded = new byte[samples.Length];
        for (var i = 0; i < samples.Length; i++) encoded[i] = G711.Encode(samples[i], G711Law.Mu);
        return FromSamples(encoded, G711Law.Mu);
    }

    /// <summary>A frame of the loop.</summary>
    /// <param name="law">The listener's law.</param>
    /// <param name="position">Samples since the listener's loop began; may be any number of loops.</param>
    /// <param name="samples">Length of the frame, at most 480 (60 ms).</param>
    public ReadOnlySpan<byte> Frame(G711Law law, long position, int samples) =>
        (law == G711Law.Mu ? mu : a).AsSpan((int)(position % Samples), samples);

    static byte[] WithTail(byte[] samples)
    {
        // A frame that starts near the end runs on into the beginning: with the beginning repeated behind the end, it is one slice.
        var looped = new byte[samples.Length + LongestFrame];
        for (var i = 0; i < looped.Length; i++) looped[i] = samples[i % samples.Length];
        return looped;
    }
}
