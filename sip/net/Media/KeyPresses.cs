using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>The keys of one leg's party: those in its audio are counted while somebody waits for them, those that it told by signalling are
/// made into packets, as if it had sent them in its audio.</summary>
sealed class KeyPresses
{
    /// <summary>Keys that are told in one go of listening; who sends more is no person.</summary>
    const int MostHeard = 64;

    /// <summary>Keys told by signalling that wait for those before them.</summary>
    const int MostWaiting = 16;

    readonly TelephoneEventReceiver receiver = new();
    readonly Queue<byte> waiting = new();
    uint ssrc = (uint)Random.Shared.NextInt64(uint.MaxValue);
    int heardLeft;
    bool comeInAudio;
    TelephoneEventSender? sender;
    ushort sequence;

    /// <summary>When the next packet of a key is due.</summary>
    public TimeSpan Due { get; private set; } = LoopTimer.Never;

    /// <summary>A key is on its way: the party's audio would tear its packets apart.</summary>
    public bool IsSending => Due != LoopTimer.Never;

    /// <summary>Somebody waits for keys.</summary>
    public bool IsListening => heardLeft > 0;

    public void Listen(bool wanted) => heardLeft = wanted ? MostHeard : 0;

    /// <summary>Takes a packet of telephone-event; the keys to tell of, if somebody waits for them.</summary>
    public int Hear(in RtpPacket packet, Span<byte> datagram, TimeSpan now, Span<char> pressed)
    {
        comeInAudio = true;
        if (!IsListening) return 0;
        var count = receiver.Take(packet.Header, packet.PayloadOf(datagram), now, pressed);
        heardLeft = Math.Max(0, heardLeft - count);
        return count;
    }

    /// <summary>The party pressed a key and told so by signalling. A phone that tells it in its audio as well is not repeated.</summary>
    public void Press(char key, TimeSpan now)
    {
        if (comeInAudio || waiting.Count >= MostWaiting || !TelephoneEvent.TryCodeOf(key, out var code)) return;
        waiting.Enqueue(code);
        if (!IsSending) Due = now;
    }

    public void Stop()
    {
        waiting.Clear();
        (sender, Due) = (null, LoopTimer.Never);
    }

    /// <summary>Writes the packet that is due into the datagram and says how long it is.</summary>
    public int Next(Span<byte> datagram, int samples)
    {
        sender ??= new TelephoneEventSender(waiting.Dequeue(), samples);
        new RtpHeader(RtpEncoding.TelephoneEvent.OwnPayloadType(), sender.IsFirst, sequence++, Timestamp: 0, ssrc).Write(datagram);
        sender.Next().Write(datagram[RtpHeader.Size..]);
        Due += TimeSpan.FromMilliseconds(samples / (double)G711.SamplesPerMillisecond);
        if (sender.IsOver)
        {
            // Each key is a source of its own to the listener's stream, so that its timestamp is the time at which it begins.
            ssrc++;
            sender = null;
            if (waiting.Count == 0) Due = LoopTimer.Never;
        }

        return RtpHeader.Size + TelephoneEvent.Size;
    }
}
