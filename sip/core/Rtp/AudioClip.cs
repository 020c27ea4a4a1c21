namespace OrleansCallback.Sip.Rtp;

/// <summary>Audio that has a beginning and an end, kept in both laws so that sending it is a copy.</summary>
public sealed class AudioClip
{
    readonly byte[] mu;
    readonly byte[] a;

    AudioClip(byte[] samples, G711Law law)
    {
        var other = (byte[])samples.Clone();
        G711.Convert(other, law, law == G711Law.Mu ? G711Law.A : G711Law.Mu);
        (mu, a) = law == G711Law.Mu ? (samples, other) : (other, samples);
    }

    AudioClip(byte[] mu, byte[] a) => (this.mu, this.a) = (mu, a);

    /// <summary>How long it is, in samples.</summary>
    public int Samples => mu.Length;

    /// <summary>How long it is.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds(Samples / (double)G711.SamplesPerSecond);

    /// <summary>From G.711 samples as they go on the wire; at least one.</summary>
    public static AudioClip FromSamples(ReadOnlySpan<byte> samples, G711Law law)
    {
        if (samples.IsEmpty) throw new ArgumentException("Audio needs at least one sample.", nameof(samples));
        return new AudioClip(samples.ToArray(), law);
    }

    /// <summary>From 16-bit linear samples, 8,000 a second, one channel; at least one.</summary>
    public static AudioClip FromLinear(ReadOnlySpan<short> samples)
    {
        var encoded = new byte[samples.Length];
        for (var i = 0; i < samples.Length; i++) encoded[i] = G711.Encode(samples[i], G711Law.Mu);
        return FromSamples(encoded, G711Law.Mu);
    }

    /// <summary>One after the other; at least one.</summary>
    public static AudioClip Join(IReadOnlyList<AudioClip> clips)
    {
        ArgumentNullException.ThrowIfNull(clips);
        return clips.Count == 1 ? clips[0] : new AudioClip([.. clips.SelectMany(clip => clip.mu)], [.. clips.SelectMany(clip => clip.a)]);
    }

    /// <summary>All of it in one law.</summary>
    public ReadOnlySpan<byte> In(G711Law law) => law == G711Law.Mu ? mu : a;

    /// <summary>Writes the frame at a position; what is beyond the end is silence.</summary>
    public void CopyFrame(G711Law law, int position, Span<byte> frame)
    {
        var rest = In(law)[Math.Min(position, Samples)..];
        if (rest.Length > frame.Length) rest = rest[..frame.Length];
        rest.CopyTo(frame);
        frame[rest.Length..].Fill(G711.Encode(0, law));
    }
}
