namespace OrleansCallback.Sip.Rtp;

/// <summary>Hold audio that needs no file.</summary>
public static class HoldTones
{
    const double Loudness = 6000;

    /// <summary>Ring-back: 425 Hz, one second on, four off (ITU-T E.180, the common European cadence).</summary>
    public static HoldAudio RingBack()
    {
        var samples = new short[5 * G711.SamplesPerSecond];
        Add(samples, 0, G711.SamplesPerSecond, 425, Loudness);
        return new HoldAudio(AudioClip.FromLinear(samples));
    }

    /// <summary>A slow broken chord, eight seconds long: pleasanter than a tone and small enough to generate at start.</summary>
    public static HoldAudio Melody()
    {
        double[] notes = [261.63, 329.63, 392.00, 523.25, 440.00, 349.23, 392.00, 329.63, 261.63, 293.66, 349.23, 440.00, 392.00, 329.63, 293.66, 261.63];
        var beat = G711.SamplesPerSecond / 2;
        var samples = new short[notes.Length * beat];
        for (var i = 0; i < notes.Length; i++) Add(samples, i * beat, beat, notes[i], Loudness / 2);
        return new HoldAudio(AudioClip.FromLinear(samples));
    }

    static void Add(short[] samples, int start, int length, double hertz, double loudness)
    {
        for (var i = 0; i < length; i++)
        {
            // Ten milliseconds of fade at both ends: a tone that is cut square clicks.
            var fade = Math.Min(1.0, Math.Min(i, length - i) / (10.0 * G711.SamplesPerMillisecond));
            samples[start + i] += (short)(loudness * fade * Math.Sin(2 * Math.PI * hertz * i / G711.SamplesPerSecond));
        }
    }
}
