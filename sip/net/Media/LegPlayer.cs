using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Sip.Net.Media;

/// <summary>What a leg hears of this side's own: a clip once, else hold audio while it is on hold.</summary>
sealed class LegPlayer(HoldAudio holdAudio)
{
    AudioClip? clip;
    int position;
    long holdPosition;
    TimeSpan? holdEnd;

    /// <summary>A clip is on: nobody else is heard meanwhile.</summary>
    public bool IsPlaying => clip is not null;

    /// <summary>Hold audio is on, though perhaps under a clip.</summary>
    public bool IsHolding => holdEnd is not null;

    public void Play(AudioClip wanted) => (clip, position) = (wanted, 0);

    public void CutClip() => clip = null;

    public void Hold() => (holdPosition, holdEnd) = (0, TimeSpan.MaxValue);

    /// <summary>Hold audio goes on to this moment at most: by then the other side is heard, or it has nothing to say.</summary>
    public void HoldUntil(TimeSpan end) => holdEnd = end;

    public void StopHolding() => holdEnd = null;

    public void Stop() => (clip, holdEnd) = (null, null);

    /// <summary>Whether there is a frame to send now.</summary>
    public bool IsOn(TimeSpan now)
    {
        if (holdEnd <= now) holdEnd = null;
        return IsPlaying || IsHolding;
    }

    /// <summary>Writes the next frame; true if a clip ended with it.</summary>
    public bool Next(G711Law law, Span<byte> frame)
    {
        if (clip is null)
        {
            holdAudio.Frame(law, holdPosition, frame.Length).CopyTo(frame);
            holdPosition += frame.Length;
            return false;
        }

        clip.CopyFrame(law, position, frame);
        position += frame.Length;
        if (position < clip.Samples) return false;
        clip = null;
        return true;
    }
}
