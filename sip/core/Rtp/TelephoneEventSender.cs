namespace OrleansCallback.Sip.Rtp;

/// <summary>The packets of one press of a key: the event as it grows, then its end three times, each after as much time as an audio packet
/// takes (RFC 4733 sections 2.5.1.2 and 2.5.1.4).</summary>
/// <param name="code">The key's code.</param>
/// <param name="samples">Ticks of the RTP clock from one packet to the next.</param>
public sealed class TelephoneEventSender(byte code, int samples)
{
    /// <summary>How long a press lasts: what networks that make tones of it need to hear.</summary>
    const int Length = 100 * G711.SamplesPerMillisecond;

    const int Ends = 3;
    const byte Volume = 10;

    int duration;
    int ends;

    /// <summary>Whether <see cref="Next"/> has nothing more.</summary>
    public bool IsOver => ends >= Ends;

    /// <summary>Whether nothing was sent yet: the first packet has the marker.</summary>
    public bool IsFirst => duration == 0;

    /// <summary>What the next packet carries; all carry the timestamp of the first.</summary>
    public TelephoneEvent Next()
    {
        if (duration < Length) duration += samples;
        if (duration >= Length) ends++;
        return new(code, ends > 0, Volume, (ushort)duration);
    }
}
