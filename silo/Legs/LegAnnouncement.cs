using OrleansCallback.Calls;
using OrleansCallback.Sip.Net.Media;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// One announcement on one leg, to its end: the clip, and the keys and silences after it where 1 is to be pressed. Events come from the
/// media plane, the signalling loop and a timer; what follows from them is <see cref="ConfirmationRule"/>'s to say.
/// </summary>
sealed class LegAnnouncement : IDisposable
{
    readonly Lock gate = new();
    readonly MediaLeg media;
    readonly AudioClip clip;
    readonly Confirmation? asked;
    readonly ConfirmationRule? rule;
    readonly Action<AnnouncementEnd> ended;
    readonly ITimer limit;
    bool over;

    public LegAnnouncement(MediaLeg media, AudioClip clip, Confirmation? asked, TimeProvider time, Action<AnnouncementEnd> ended)
    {
        (this.media, this.clip, this.asked, this.ended) = (media, clip, asked, ended);
        rule = asked is null ? null : new ConfirmationRule(asked);
        limit = time.CreateTimer(_ => Take(() => rule?.TimeUp()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The person is asked to press 1 and has not been given up.</summary>
    public bool IsAsking
    {
        get
        {
            lock (gate) return asked is not null && !over;
        }
    }

    public void Start(bool hold)
    {
        if (asked is not null) media.ListenForKeys(true);
        media.Play(clip, hold);
    }

    public void OnPlayed()
    {
        lock (gate)
        {
            if (over) return;
            if (asked is not null) limit.Change(asked.Limit, Timeout.InfiniteTimeSpan);
        }

        if (asked is null) End(AnnouncementEnd.Said);
    }

    public void OnKey(char key) => Take(() => rule?.Press(key));

    /// <summary>Says and hears nothing more.</summary>
    public void Dispose()
    {
        lock (gate) over = true;
        limit.Dispose();
    }

    void Take(Func<ConfirmationStep?> next)
    {
        ConfirmationStep? step;
        lock (gate)
        {
            if (over) return;
            step = next();
            limit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        switch (step)
        {
            case ConfirmationStep.Repeat: media.Play(clip); break;
            case ConfirmationStep.Confirmed: End(AnnouncementEnd.Confirmed); break;
            case ConfirmationStep.NotConfirmed: End(AnnouncementEnd.NotConfirmed); break;
        }
    }

    void End(AnnouncementEnd end)
    {
        lock (gate)
        {
            if (over) return;
            over = true;
        }

        limit.Dispose();
        if (asked is not null) media.ListenForKeys(false);
        if (end == AnnouncementEnd.Confirmed) media.CutClip();
        ended(end);
    }
}
