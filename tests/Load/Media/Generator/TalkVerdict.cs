using System.Diagnostics;
using OrleansCallback.Load.Phones;

namespace OrleansCallback.Load.Media.Generator;

/// <summary>Each frame must come to the other phone of its call, byte for byte, once, and to nobody else.</summary>
sealed class TalkVerdict : IVerdict
{
    /// <summary>Nothing has come for so long after the last frame was sent: nothing more will.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    readonly PhoneBank bank;
    readonly int first, end;
    readonly TimeHistogram latency = new();
    readonly Action<GeneratorResult> done;
    long beganAt, endedAt, heardAt;
    long received, duplicated, astray, damaged;

    /// <summary>Begins a run of so many seconds with the next frame.</summary>
    public TalkVerdict(PhoneBank bank, int seconds, Action<GeneratorResult> done)
    {
        (this.bank, this.done) = (bank, done);
        (first, end) = (bank.Frame + 1, bank.Frame + 1 + (seconds * PhoneBank.FramesPerSecond));
        foreach (var phone in bank.Phones) phone.Begin(first, end - first);
        bank.Begin(this, end);
    }

    public bool IsOver
    {
        get
        {
            var now = Stopwatch.GetTimestamp();
            if (beganAt == 0 && bank.Frame >= first) beganAt = now;
            if (bank.Frame < end) return false;
            if (endedAt == 0) endedAt = heardAt = now;
            if (received < Sent && Stopwatch.GetElapsedTime(heardAt, now) < Silence) return false;
            done(Result);
            return true;
        }
    }

    long Sent => (long)bank.Phones.Count() * (end - first);

    GeneratorResult Result => new()
    {
        Sent = Sent, Seconds = Stopwatch.GetElapsedTime(beganAt, endedAt).TotalSeconds, Received = received, Lost = Sent - received,
        Duplicated = duplicated, Astray = astray, Damaged = damaged, Unsent = bank.Unsent, Deaf = bank.Deaf(), LatencyMs = latency.Quantiles,
    };

    public void Hear(int phone, GeneratedPhone found, ReadOnlySpan<byte> packet, long at)
    {
        if (!MarkedFrame.TryRead(packet, out var mark, out var frame)) damaged++;
        else if (mark != (uint)(phone ^ 1)) astray++;
        else if (frame >= first && frame < end) Take(found, (int)mark, frame, at);
    }

    void Take(GeneratedPhone found, int speaker, int frame, long at)
    {
        if (endedAt != 0) heardAt = Stopwatch.GetTimestamp();
        if (!found.Note(frame))
        {
            duplicated++;
            return;
        }

        received++;
        latency.Add(at - bank.SentAt(speaker, frame));
    }
}
