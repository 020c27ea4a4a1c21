using System.Globalization;
using System.Text;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Sandbox;

/// <summary>The tally behind <see cref="PhoneHearing"/>: takes packets, allocates only for a speaker's first.</summary>
sealed class Hearing
{
    /// <summary>Speakers told apart in one call; frames of further ones count as hold audio.</summary>
    const int MostVoices = 8;

    /// <summary>Keys that are written down in one call.</summary>
    const int MostKeys = 100;

    readonly List<Voice> voices = [];
    readonly TelephoneEventReceiver receiver = new();
    readonly StringBuilder keys = new();
    SequenceTally sequence;
    uint ssrc;
    int streams;
    long packets, holdPackets, missing, duplicates, reordered;
    Span heard, hold;

    /// <summary>First and last time.</summary>
    struct Span
    {
        public TimeSpan? First;
        public TimeSpan Last;

        public void Touch(TimeSpan now)
        {
            First ??= now;
            Last = now;
        }
    }

    sealed class Voice(ulong number)
    {
        public ulong Number => number;
        public long Packets;
        public SequenceTally Sequence;
        public Span When;
    }

    public void Take(in RtpPacket packet, ReadOnlySpan<byte> payload, TimeSpan now)
    {
        packets++;
        heard.Touch(now);
        if (streams == 0 || packet.Header.Ssrc != ssrc) BeginStream(packet.Header.Ssrc);
        sequence.Take(sequence.Extend(packet.Header.Sequence));
        if (NumberedFrame.TryRead(payload, out var number, out var counter) && VoiceOf(number) is { } voice)
        {
            voice.Packets++;
            voice.Sequence.Take(counter);
            voice.When.Touch(now);
            return;
        }

        holdPackets++;
        hold.Touch(now);
    }

    public void TakeKey(in RtpPacket packet, ReadOnlySpan<byte> payload, TimeSpan now)
    {
        sequence.Take(sequence.Extend(packet.Header.Sequence));
        Span<char> pressed = stackalloc char[TelephoneEventReceiver.MostInPacket];
        var count = receiver.Take(packet.Header, payload, now, pressed);
        if (keys.Length + count <= MostKeys) keys.Append(pressed[..count]);
    }

    public PhoneHearing Read(Func<TimeSpan, DateTimeOffset> at) => new(
        packets, holdPackets, streams, missing + sequence.Missing, duplicates + sequence.Duplicates, reordered + sequence.Reordered,
        First(heard, at), Last(heard, at), First(hold, at), Last(hold, at),
        [.. voices.Select(voice => new HeardVoice(
            voice.Number.ToString(CultureInfo.InvariantCulture), voice.Packets, voice.Sequence.Missing, voice.Sequence.Duplicates,
            voice.Sequence.Reordered, at(voice.When.First!.Value), at(voice.When.Last)))],
        keys.ToString());

    void BeginStream(uint source)
    {
        missing += sequence.Missing;
        duplicates += sequence.Duplicates;
        reordered += sequence.Reordered;
        sequence = default;
        ssrc = source;
        streams++;
    }

    Voice? VoiceOf(ulong number)
    {
        foreach (var known in voices)
            if (known.Number == number) return known;
        if (voices.Count == MostVoices) return null;
        var voice = new Voice(number);
        voices.Add(voice);
        return voice;
    }

    static DateTimeOffset? First(Span span, Func<TimeSpan, DateTimeOffset> at) => span.First is { } first ? at(first) : null;

    static DateTimeOffset? Last(Span span, Func<TimeSpan, DateTimeOffset> at) => span.First is null ? null : at(span.Last);
}
