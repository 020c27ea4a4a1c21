using OrleansCallback.Calls;
using OrleansCallback.Sip;

namespace OrleansCallback.Silo.Legs;

/// <summary>
/// Brings two bridged legs of this silo to one codec: carries out what <see cref="BridgeOffers"/> wants and tells it what came of it. Events come
/// from the signalling loop and a timer; each takes the pair's lock for a moment, and what it leads to is only posted.
/// </summary>
sealed class BridgedCodecs : IDisposable
{
    readonly Lock gate = new();
    readonly SipLeg[] legs;
    readonly BridgeOffers offers;
    readonly TimeProvider time;
    readonly long began;
    readonly ITimer wake;
    bool over;

    BridgedCodecs(SipLeg one, SipLeg other, BridgeOffers offers, TimeProvider time)
    {
        (legs, this.offers, this.time, began) = ([one, other], offers, time, time.GetTimestamp());
        wake = time.CreateTimer(_ => Take(offers.Advance), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Two legs are bridged; nothing happens when they are already, or when they share nothing but G.711.</summary>
    public static void Begin(SipLeg one, SipLeg other, TimeProvider time)
    {
        if (one.Codecs is { } known && known.legs.Contains(other)) return;
        var offers = new BridgeOffers(one.Allowed, other.Allowed);
        if (!offers.CanWiden) return;
        var pair = new BridgedCodecs(one, other, offers, time);
        (one.Codecs, other.Codecs) = (pair, pair);
        pair.Take(offers.Begin);
    }

    /// <summary>A leg's peer answered an offer of ours; null: with nothing that can be used.</summary>
    public void Answered(SipLeg leg, AudioCodec? codec) => Take(now => offers.Answered(SideOf(leg), codec, now));

    /// <summary>It refused it, or did not answer.</summary>
    public void Refused(SipLeg leg) => Take(now => offers.Refused(SideOf(leg), now));

    /// <summary>The leg's peer has changed its audio by itself.</summary>
    public void Changed(SipLeg leg, AudioCodec codec) => Take(now => offers.Changed(SideOf(leg), codec, now));

    /// <summary>A leg has ended: the other is offered nothing more.</summary>
    public void Dispose()
    {
        lock (gate) over = true;
        wake.Dispose();
    }

    int SideOf(SipLeg leg) => leg == legs[0] ? 0 : 1;

    void Take(Func<TimeSpan, IReadOnlyList<BridgeStep>> happened)
    {
        lock (gate)
        {
            if (over) return;
            foreach (var step in happened(time.GetElapsedTime(began))) Do(step);
            var wait = offers.NextWake - time.GetElapsedTime(began);
            wake.Change(wait is { } left ? TimeSpan.FromTicks(Math.Max(left.Ticks, 0)) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    void Do(BridgeStep step)
    {
        var leg = legs[step.Leg];
        if (step is AllowCodecs allow) leg.AnswerWith(allow.Codecs, allow.Preferred);
        if (step is OfferCodecs offer) leg.Offer(offer.Codecs, offer.IsOptional, busy: () => Take(now => offers.Delayed(step.Leg, now)));
        if (step is GiveUpLeg) leg.EndWith(LegEnd.Failed);
    }
}
