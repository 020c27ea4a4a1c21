using OrleansCallback.Sip;
using static OrleansCallback.Sip.AudioCodec;

namespace OrleansCallback.Tests.Sip;

/// <summary>How a phone takes offers.</summary>
/// <param name="Takes">The codecs that it has.</param>
sealed record PhoneManner(params AudioCodec[] Takes)
{
    /// <summary>How long each of its answers takes, one after the other, the last one for good; null: it never answers.</summary>
    public TimeSpan?[] After { get; init; } = [TimeSpan.FromMilliseconds(50)];

    /// <summary>Which of its answers are refusals, by their number.</summary>
    public IReadOnlySet<int> Refuses { get; init; } = new HashSet<int>();

    /// <summary>Which agree on nothing.</summary>
    public IReadOnlySet<int> Garbles { get; init; } = new HashSet<int>();

    /// <summary>How many of our offers cannot be sent, because it is changing the session itself.</summary>
    public int Busy { get; init; }

    public static TimeSpan?[] Milliseconds(params int?[] times) => [.. times.Select(ms => ms is { } some ? (TimeSpan?)TimeSpan.FromMilliseconds(some) : null)];
}

/// <summary>Two phones that are bridged, and the time between them: carries out what <see cref="BridgeOffers"/> wants.</summary>
sealed class BridgedPhones
{
    /// <summary>When the user agent gives up a re-INVITE (64 × T1).</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(32);

    const int Enough = 200;

    readonly PhoneManner[] phones;
    readonly BridgeOffers offers;
    readonly PriorityQueue<Func<IReadOnlyList<BridgeStep>>, (TimeSpan, int)> events = new();
    readonly int[] answers = [0, 0], tries = [0, 0];
    int order;

    public BridgedPhones(PhoneManner one, PhoneManner other, IReadOnlyList<AudioCodec>? trunk = null)
    {
        phones = [one, other];
        trunk ??= [G722, Pcma, Opus, Pcmu];
        offers = new BridgeOffers(trunk, trunk);
        Take(offers.Begin(Now));
    }

    public TimeSpan Now { get; private set; }

    /// <summary>What each phone speaks; null where nothing was agreed.</summary>
    public AudioCodec?[] Speaks { get; } = [Pcma, Pcma];

    /// <summary>With what its own offers are answered.</summary>
    public AllowCodecs?[] Allowed { get; } = [null, null];

    public List<OfferCodecs> Offered { get; } = [];

    public int? GivenUp { get; private set; }

    /// <summary>How long each was not heard, since it spoke a codec that the other does not.</summary>
    public TimeSpan[] Unheard { get; } = [TimeSpan.Zero, TimeSpan.Zero];

    public IEnumerable<AudioCodec> OfferedTo(int leg) => Offered.Where(offer => offer.Leg == leg).Select(offer => offer.Codecs[0]);

    /// <summary>After so long a phone makes an offer of its own.</summary>
    public BridgedPhones Later(int milliseconds, int leg, params AudioCodec[] offer)
    {
        At(Now + TimeSpan.FromMilliseconds(milliseconds), () =>
        {
            var allowed = Allowed[leg]!;
            var chosen = allowed.Preferred is { } first && offer.Contains(first) ? first : offer.Cast<AudioCodec?>().FirstOrDefault(c => allowed.Codecs.Contains(c!.Value));
            if (chosen is not { } codec) return []; // 488
            Speaks[leg] = codec;
            return offers.Changed(leg, codec, Now);
        });
        return this;
    }

    /// <summary>Lets time pass until nothing happens any more.</summary>
    public BridgedPhones Settle()
    {
        while (Next() is { } next)
        {
            for (var leg = 0; leg < 2; leg++)
                if (Speaks[leg] is { } codec && codec is G722 or Opus && Speaks[1 - leg] != codec) Unheard[leg] += next - Now;
            Now = next;
            Take(events.TryPeek(out _, out var due) && due.Item1 == next ? events.Dequeue()() : offers.Advance(Now));
            Assert.True(Offered.Count < Enough, $"{Offered.Count} offers and no end");
        }

        return this;
    }

    TimeSpan? Next()
    {
        TimeSpan? next = events.TryPeek(out _, out var due) ? due.Item1 : null;
        return offers.NextWake is not { } wake ? next : next < wake ? next : wake < Now ? Now : wake;
    }

    void Take(IEnumerable<BridgeStep> steps)
    {
        foreach (var step in steps)
        {
            switch (step)
            {
                case AllowCodecs allow: Allowed[allow.Leg] = allow; break;
                case GiveUpLeg given: GivenUp = given.Leg; break;
                case OfferCodecs offer: Send(offer); break;
            }
        }
    }

    void Send(OfferCodecs offer)
    {
        var (leg, phone) = (offer.Leg, phones[offer.Leg]);
        if (tries[leg]++ < phone.Busy)
        {
            At(Now, () => offers.Delayed(leg, Now));
            return;
        }

        Offered.Add(offer);
        var number = answers[leg]++;
        var after = phone.After[Math.Min(number, phone.After.Length - 1)];
        if (after is null)
        {
            Assert.True(offer.IsOptional, "silence would have ended the call");
            At(Now + Silence, () => offers.Refused(leg, Now));
        }
        else if (phone.Refuses.Contains(number))
        {
            At(Now + after.Value, () => offers.Refused(leg, Now));
        }
        else
        {
            At(Now + after.Value, () => Answer(offer, phone.Garbles.Contains(number)));
        }
    }

    IReadOnlyList<BridgeStep> Answer(OfferCodecs offer, bool garbled)
    {
        Speaks[offer.Leg] = garbled ? null : offer.Codecs.First(phones[offer.Leg].Takes.Contains);
        return offers.Answered(offer.Leg, Speaks[offer.Leg], Now);
    }

    void At(TimeSpan due, Func<IReadOnlyList<BridgeStep>> happens) => events.Enqueue(happens, (due, order++));
}
