namespace OrleansCallback.Sip.Rtp;

/// <summary>What a leg hears while it waits: a clip over and over.</summary>
public sealed class HoldAudio
{
    const int LongestFrame = 60 * G711.SamplesPerMillisecond;

    readonly byte[] mu;
    readonly byte[] a;

    /// <summary>A loop of a clip.</summary>
    public HoldAudio(AudioClip clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        Samples = clip.Samples;
        (mu, a) = (WithTail(clip.In(G711Law.Mu)), WithTail(clip.In(G711Law.A)));
    }

    /// <summary>Samples before the loop starts again.</summary>
    public int Samples { get; }

    /// <summary>A frame of the loop.</summary>
    /// <param name="law">The listener's law.</param>
    /// <param name="position">Samples since the listener's loop began; may be any number of loops.</param>
    /// <param name="samples">Length of the frame, at most 480 (60 ms).</param>
    public ReadOnlySpan<byte> Frame(G711Law law, long position, int samples) =>
        (law == G711Law.Mu ? mu : a).AsSpan((int)(position % Samples), samples);

    static byte[] WithTail(ReadOnlySpan<byte> samples)
    {
        // A frame that starts near the end runs on into the beginning: with the beginning repeated behind the end, it is one slice.
        var looped = new byte[samples.Length + LongestFrame];
        for (var i = 0; i < looped.Length; i++) looped[i] = samples[i % samples.Length];
        return looped;
    }
}
