namespace OrleansCallback.Sip;

/// <summary>
/// What the two legs of a bridge are offered until they speak the same codec: from G.711, with which both begin, to the widest one that both
/// take, or back. Nothing is transcoded, so whoever took a codec that the other did not take is brought back.
/// </summary>
/// <remarks>
/// The wider codecs that both trunks allow are the rungs of a ladder, G.711 is its bottom. What a leg chooses or refuses only ever leads down, and
/// the lower of both choices is what both are offered next: so it ends. A leg that stands there already is left alone. While one has changed and
/// the other has not answered, the first is not heard: after <see cref="Patience"/> it is brought back until the other has answered; when the same
/// leg is slow again, for good. Pure: the caller carries the steps out and tells what came of them.
/// </remarks>
public sealed class BridgeOffers
{
    /// <summary>How long a leg that has changed waits for the other before it is brought back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an offer waits that could not be sent, or that wanted G.711 back and was refused.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>So often a leg may refuse to take G.711 back before it is given up.</summary>
    public const int MostRefusals = 3;

    /// <summary>So often an offer is put off before it counts as refused.</summary>
    public const int MostDelays = 10;

    readonly IReadOnlyList<AudioCodec> wide;
    readonly BridgeSide[] sides;
    TimeSpan? patienceEnds;
    bool over;

    /// <summary>A bridge of two legs that speak G.711.</summary>
    /// <param name="one">What the first leg's trunk allows, in order of preference.</param>
    /// <param name="other">What the other's allows.</param>
    public BridgeOffers(IReadOnlyList<AudioCodec> one, IReadOnlyList<AudioCodec> other)
    {
        wide = AudioCodecs.WiderThanG711(one, other);
        sides = [new(0, one, Bottom), new(1, other, Bottom)];
    }

    /// <summary>Whether there is anything to offer.</summary>
    public bool CanWiden => wide.Count > 0;

    /// <summary>When <see cref="Advance"/> has something to do if nothing happens before; null for never.</summary>
    public TimeSpan? NextWake =>
        over ? null : sides.Where(side => side.Rung != Wanted(side)).Select(side => side.RetryAt).Append(patienceEnds).Min();

    int Bottom => wide.Count;

    /// <summary>Both legs are bridged.</summary>
    public IReadOnlyList<BridgeStep> Begin(TimeSpan now) => Decide([Allow(sides[0]), Allow(sides[1])], now);

    /// <summary>The peer answered our offer with 2xx.</summary>
    /// <param name="leg">Which leg.</param>
    /// <param name="codec">The first codec of its answer; null where the answer agrees on nothing.</param>
    /// <param name="now">Monotonic time.</param>
    public IReadOnlyList<BridgeStep> Answered(int leg, AudioCodec? codec, TimeSpan now)
    {
        var side = sides[leg];
        if (over || !side.IsOpen) return [];
        if (codec is { } chosen)
        {
            side.Answer(RungOf(chosen));
            return Decide([Allow(side)], now);
        }

        side.Lose();
        return Refuse(side, now);
    }

    /// <summary>The peer refused our offer, or did not answer: its session is as it was.</summary>
    public IReadOnlyList<BridgeStep> Refused(int leg, TimeSpan now) => over || !sides[leg].IsOpen ? [] : Refuse(sides[leg], now);

    /// <summary>Our offer could not be sent: another change of the session is under way.</summary>
    public IReadOnlyList<BridgeStep> Delayed(int leg, TimeSpan now)
    {
        var side = sides[leg];
        if (over || !side.IsOpen) return [];
        return side.TryDelay(now) ? Decide([], now) : Refuse(side, now);
    }

    /// <summary>The peer made an offer of its own and was answered with this codec.</summary>
    public IReadOnlyList<BridgeStep> Changed(int leg, AudioCodec codec, TimeSpan now)
    {
        if (over) return [];
        var side = sides[leg];
        side.Change(RungOf(codec));
        return Decide([Allow(side)], now);
    }

    /// <summary>Time has passed.</summary>
    public IReadOnlyList<BridgeStep> Advance(TimeSpan now)
    {
        if (over) return [];
        if (patienceEnds <= now)
        {
            patienceEnds = null;
            foreach (var slow in sides.Where(side => IsWaitedFor(side, now))) slow.TakeTooLong();
        }

        return Decide([], now);
    }

    List<BridgeStep> Refuse(BridgeSide side, TimeSpan now)
    {
        if (side.TryRefuse(now)) return Decide([], now);
        over = true;
        return [new GiveUpLeg(side.Leg)];
    }

    List<BridgeStep> Decide(List<BridgeStep> steps, TimeSpan now)
    {
        foreach (var side in sides)
        {
            var rung = Wanted(side);
            if (side.IsPending(now) || side.Rung == rung) continue;
            side.Open(rung);
            steps.Add(new OfferCodecs(side.Leg, [.. wide.Skip(rung), .. side.G711], IsOptional: rung < Bottom));
        }

        if (!sides.Any(side => IsWaitedFor(side, now))) patienceEnds = null;
        else patienceEnds ??= now + Patience;
        return steps;
    }

    /// <summary>Where both are to meet; the bottom for a leg whose other takes too long.</summary>
    int Wanted(BridgeSide side) => Other(side).IsSlow ? Bottom : Math.Max(sides[0].Limit, sides[1].Limit);

    /// <summary>The other leg has changed already, and is not heard until this one has too.</summary>
    bool IsWaitedFor(BridgeSide side, TimeSpan now) =>
        side.IsPending(now) && !side.IsSlow && Other(side) is { IsOpen: false, IsWide: true } other && other.Rung != side.Rung;

    BridgeSide Other(BridgeSide side) => sides[1 - side.Leg];

    AllowCodecs Allow(BridgeSide side) =>
        side.IsWide ? new(side.Leg, [wide[side.Rung], .. side.G711], wide[side.Rung]) : new(side.Leg, side.G711, null);

    int RungOf(AudioCodec codec) => wide.TakeWhile(c => c != codec).Count();
}
