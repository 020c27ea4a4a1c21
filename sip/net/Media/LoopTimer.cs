namespace OrleansCallback.Sip.Net.Media;

/// <summary>Something with a timer on an <see cref="RtpLoop"/>. All of it runs on the loop's thread.</summary>
public abstract class LoopTimer
{
    /// <summary>No timer is set.</summary>
    public static readonly TimeSpan Never = TimeSpan.MaxValue;

    /// <summary>When <see cref="OnTimer"/> is due, <see cref="Never"/> if not; set through <see cref="RtpLoop.Schedule"/>.</summary>
    public TimeSpan Due { get; internal set; } = Never;

    /// <summary>The time of <see cref="Due"/> has come.</summary>
    protected internal abstract void OnTimer(TimeSpan now);
}
