using OrleansCallback.Calls;

namespace OrleansCallback.Silo.Legs;

/// <summary>What the leg is told, and what it presses.</summary>
sealed partial class SipLeg
{
    /// <summary>After a farewell's length and so much more it is hung up though nothing was heard of the farewell's end.</summary>
    static readonly TimeSpan LongestFarewellDelay = TimeSpan.FromSeconds(2);

    LegAnnouncement? announcement;
    Announcement? warning;
    ITimer? leaving;

    /// <summary>Ends the leg after a last word; one that has not answered, or is told to end anyway, ends as it would without.</summary>
    public void EndAfter(Announcement last)
    {
        var farewell = say(last);
        lock (gate)
        {
            if (leaving is not null) return;
            if (answered && !over && intent is null)
                leaving = time.CreateTimer(_ => EndWith(LegEnd.HungUp), null, farewell.Length + LongestFarewellDelay, Timeout.InfiniteTimeSpan);
        }

        if (leaving is null)
        {
            EndWith(LegEnd.HungUp);
            return;
        }

        announcement?.Dispose();
        Media.BeSilent();
        Media.Play(farewell);
    }

    /// <summary>Once, however often the command for it is repeated.</summary>
    void Announce(Announcement what, bool hold)
    {
        lock (gate)
        {
            if (announcement is not null || over || intent is not null) return;
            announcement = new(Media, say(what), what.Confirmation, time, end => Announced(what, end));
        }

        announcement.Start(hold);
    }

    /// <summary>A word that the paid time is nearly over, unless the leg is asked for something; what it does goes on behind it.</summary>
    void Warn()
    {
        Announcement? what;
        lock (gate) what = leaving is null && intent is null && !over && announcement is not { IsAsking: true } ? warning : null;

        if (what is not null) Media.Play(say(what));
    }

    void Announced(Announcement what, AnnouncementEnd end)
    {
        if (what.IsAwaited) news.Add((number, at) => new LegAnnounced(number, at, end));
    }

    void Played()
    {
        if (leaving is not null) EndWith(LegEnd.HungUp);
        else announcement?.OnPlayed();
    }

    /// <summary>A key that was told by signalling: whoever waits for keys gets it, else the other leg.</summary>
    void Pressed(char key)
    {
        announcement?.OnKey(key);
        Media.Press(key);
    }
}
