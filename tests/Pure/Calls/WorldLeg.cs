using OrleansCallback.Calls;

namespace OrleansCallback.Tests.Calls;

/// <summary>A phone of the world.</summary>
sealed class WorldLeg(LegAttempt attempt)
{
    readonly List<LegNews> told = [];
    long number;
    Announcement? asked;
    bool rang;
    bool dead;
    DateTimeOffset? answeredAt;

    public LegAttempt Attempt => attempt;

    /// <summary>A person answered, or a phone rang.</summary>
    public bool Final { get; private set; }

    public bool Ringing { get; init; }

    public bool Over { get; private set; }

    public string Silo => attempt.Silo;

    public bool ToldToHangUp { get; set; }

    /// <summary>How the announcement ended that this phone was given.</summary>
    public AnnouncementEnd? Announced { get; private set; }

    public void Hear(Announcement announcement) =>
        asked = answeredAt is null ? throw new InvalidOperationException("A leg that has not answered is told something.") : announcement;

    /// <summary>All news after what is durable; nothing from a silo that is gone.</summary>
    public IEnumerable<CallInput> TellAgain(long durable) => dead ? [] : told.Where(news => news.Number > durable).Select(news => new CallInput.News(attempt.Key, news));

    /// <summary>Its silo is gone, and with it the phone's call and all that it had to tell.</summary>
    public void Die() => Over = dead = true;

    public IEnumerable<CallInput> Move(Random random, DateTimeOffset now) => random.Next(answeredAt is null ? 6 : 30) switch
    {
        0 => End(random.Next(2) == 0 ? LegEnd.RemoteHungUp : LegEnd.GrantEnded, now),
        1 when answeredAt is null => Refuse(random, now),
        2 when answeredAt is null => Ring(now),
        _ when answeredAt is null => Answer(now),
        < 3 => [News(new LegGrantLow(++number, now, now - answeredAt.Value))],
        _ => Announce(random, now),
    };

    public IEnumerable<CallInput> End(LegEnd end, DateTimeOffset now, int? code = null)
    {
        if (Over) return [];
        Over = true;
        Final |= end is not (LegEnd.Refused or LegEnd.TrunkFailed or LegEnd.NoCapacity) || code is 486 or 600 or 603 or 480 or 404;
        return [News(new LegEnded(++number, now, end, code, null, now - answeredAt, 0, 0, rang))];
    }

    IEnumerable<CallInput> Announce(Random random, DateTimeOffset now)
    {
        if (asked is null || Announced is not null) return [];
        Announced = asked.Confirmation is null ? AnnouncementEnd.Said : random.Next(3) == 0 ? AnnouncementEnd.NotConfirmed : AnnouncementEnd.Confirmed;
        return [News(new LegAnnounced(++number, now, Announced.Value))];
    }

    IEnumerable<CallInput> Ring(DateTimeOffset now)
    {
        (rang, Final) = (true, true);
        return [News(new LegRinging(++number, now, 180))];
    }

    IEnumerable<CallInput> Refuse(Random random, DateTimeOffset now) => random.Next(8) switch
    {
        0 => End(LegEnd.TrunkFailed, now),
        1 => End(LegEnd.NoCapacity, now),
        < 5 => End(LegEnd.Refused, now, random.Next(2) == 0 ? 503 : 500),
        _ => End(LegEnd.Refused, now, random.Next(5) switch { 0 => 486, 1 => 600, 2 => 603, 3 => 480, _ => 404 }),
    };

    IEnumerable<CallInput> Answer(DateTimeOffset now)
    {
        (answeredAt, Final) = (now, true);
        return [News(new LegAnswered(++number, now, "{}"))];
    }

    CallInput.News News(LegNews news)
    {
        told.Add(news);
        return new(attempt.Key, news);
    }
}
