using System.Buffers.Binary;
using System.Diagnostics;
using OrleansCallback.Load.Phones;

namespace OrleansCallback.Load.Media.Generator;

/// <summary>Each phone must hear the frames of the hold audio one after another, under sequence numbers without a gap, every 20 ms.</summary>
sealed class HoldVerdict : IVerdict
{
    readonly PhoneBank bank;
    readonly int seconds;
    readonly long[] heardAt; // by phone and frame of the run
    readonly int[] heard;
    readonly long beganAt = DateTime.UtcNow.Ticks;
    readonly long since = Stopwatch.GetTimestamp();
    readonly Action<GeneratorResult> done;
    long received, lost, damaged, astray;

    public HoldVerdict(PhoneBank bank, int seconds, Action<GeneratorResult> done)
    {
        (this.bank, this.seconds, this.done) = (bank, seconds, done);
        heard = new int[bank.Count];
        heardAt = new long[bank.Count * MostFrames];
        foreach (var phone in bank.Phones) phone.LastHold = null;
        bank.Begin(this, int.MaxValue);
    }

    public bool IsOver
    {
        get
        {
            if (Stopwatch.GetElapsedTime(since).TotalSeconds < seconds) return false;
            done(Result);
            return true;
        }
    }

    int MostFrames => (seconds + 1) * PhoneBank.FramesPerSecond;

    GeneratorResult Result => new()
    {
        Sent = (long)bank.Count * seconds * PhoneBank.FramesPerSecond, Seconds = seconds, Received = received, Lost = lost, Duplicated = 0,
        Astray = astray, Damaged = damaged, Unsent = bank.Unsent, Deaf = bank.Deaf(), LatencyMs = Lateness(),
    };

    public void Hear(int phone, GeneratedPhone found, ReadOnlySpan<byte> packet, long at)
    {
        if (at < beganAt || at >= beganAt + (seconds * TimeSpan.TicksPerSecond)) return;
        if (!MarkedFrame.TryRead(packet, out var mark, out var frame))
        {
            damaged++;
            return;
        }

        if (mark != HoldLoop.Mark)
        {
            astray++;
            return;
        }

        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (found.LastHold is { } last)
        {
            var step = (ushort)(sequence - last.Sequence);
            lost += Math.Max(0, step - 1);
            if ((last.Frame + step) % HoldLoop.Frames != frame) damaged++;
        }

        found.LastHold = (sequence, frame);
        received++;
        if (heard[phone] < MostFrames) heardAt[(phone * MostFrames) + heard[phone]++] = at;
    }

    /// <summary>How much later than 20 ms after 20 ms frames came, each phone's earliest taken as in time.</summary>
    Quantiles? Lateness()
    {
        var histogram = new TimeHistogram();
        for (var phone = 0; phone < bank.Count; phone++)
        {
            var own = heardAt.AsSpan(phone * MostFrames, heard[phone]);
            for (var i = 0; i < own.Length; i++) own[i] -= i * TimeSpan.TicksPerSecond / PhoneBank.FramesPerSecond;
            var earliest = long.MaxValue;
            foreach (var at in own) earliest = Math.Min(earliest, at);
            foreach (var at in own) histogram.Add(at - earliest);
        }

        return histogram.Quantiles;
    }
}
