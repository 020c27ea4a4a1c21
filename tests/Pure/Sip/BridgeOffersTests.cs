using CsCheck;
using OrleansCallback.Sip;
using static OrleansCallback.Sip.AudioCodec;

namespace OrleansCallback.Tests.Sip;

public sealed class BridgeOffersTests
{
    static readonly PhoneManner All = new(Opus, G722, Pcma, Pcmu), NoOpus = new(G722, Pcma), Narrow = new(Pcma);

    [Fact]
    public void Both_are_offered_the_wider_codecs_at_once_with_G711_behind_them()
    {
        var bridge = new BridgedPhones(All, All);
        Assert.Equal([0, 1], bridge.Offered.Select(offer => offer.Leg));
        Assert.All(bridge.Offered, offer => Assert.True(offer.IsOptional));
        Assert.All(bridge.Offered, offer => Assert.Equal([Opus, G722, Pcma, Pcmu], offer.Codecs));
        Assert.Equal([Opus, Opus], bridge.Settle().Speaks);
        Assert.Equal(2, bridge.Offered.Count);
    }

    [Fact]
    public void What_both_trunks_allow_is_offered_and_nothing_else()
    {
        var offers = new BridgeOffers([Pcma, G722, Opus], [G722, Pcmu]);
        Assert.True(offers.CanWiden);
        var steps = offers.Begin(TimeSpan.Zero).OfType<OfferCodecs>().ToList();
        Assert.Equal([G722, Pcma], steps[0].Codecs);
        Assert.Equal([G722, Pcmu], steps[1].Codecs);
        Assert.False(new BridgeOffers([Opus, Pcma], [G722, Pcmu]).CanWiden);
        Assert.Empty(new BridgeOffers([Opus, Pcma], [G722, Pcmu]).Begin(TimeSpan.Zero).OfType<OfferCodecs>());
    }

    [Fact]
    public void Who_took_a_better_codec_than_the_other_has_is_offered_the_next_one()
    {
        var bridge = new BridgedPhones(All, NoOpus).Settle();
        Assert.Equal([G722, G722], bridge.Speaks);
        Assert.Equal([Opus, G722], bridge.OfferedTo(0));
        Assert.Equal([Opus], bridge.OfferedTo(1));
    }

    [Fact]
    public void Who_alone_took_a_wider_codec_is_brought_back_by_an_offer_that_it_must_answer()
    {
        var bridge = new BridgedPhones(All, Narrow).Settle();
        Assert.Equal([Pcma, Pcma], bridge.Speaks);
        Assert.Equal((0, false), (bridge.Offered[2].Leg, bridge.Offered[2].IsOptional));
        Assert.Equal([Pcma, Pcmu], bridge.Offered[2].Codecs);
        Assert.Equal([Opus], bridge.OfferedTo(1));
    }

    [Fact]
    public void A_refusal_leaves_G711_and_is_not_repeated()
    {
        var bridge = new BridgedPhones(All with { Refuses = new HashSet<int> { 0 } }, All with { Refuses = new HashSet<int> { 0 } }).Settle();
        Assert.Equal([Pcma, Pcma], bridge.Speaks);
        Assert.Equal(2, bridge.Offered.Count);
        bridge = new BridgedPhones(All with { Refuses = new HashSet<int> { 0 } }, All).Settle();
        Assert.Equal([Pcma, Pcma], bridge.Speaks);
    }

    [Fact]
    public void Silence_costs_the_other_half_a_second_and_no_more()
    {
        var bridge = new BridgedPhones(All, All with { After = PhoneManner.Milliseconds([null]) }).Settle();
        Assert.Equal([Pcma, Pcma], bridge.Speaks);
        Assert.Equal([Opus, Pcma], bridge.OfferedTo(0));
        Assert.Equal(BridgeOffers.Patience + TimeSpan.FromMilliseconds(50), bridge.Unheard[0]);
        Assert.Equal(TimeSpan.Zero, bridge.Unheard[1]);
    }

    [Fact]
    public void A_glare_that_takes_seconds_ends_in_the_wider_codec_all_the_same()
    {
        var bridge = new BridgedPhones(All, All with { After = PhoneManner.Milliseconds(3_000) }).Settle();
        Assert.Equal([Opus, Opus], bridge.Speaks);
        Assert.Equal([Opus, Pcma, Opus], bridge.OfferedTo(0));
        Assert.Equal([Opus], bridge.OfferedTo(1));
    }

    [Fact]
    public void Two_that_are_slow_in_turns_end_in_G711()
    {
        var slow = PhoneManner.Milliseconds(10, 2_000, 2_000, 2_000);
        var bridge = new BridgedPhones(All with { After = slow }, All with { After = PhoneManner.Milliseconds(2_000) }).Settle();
        Assert.Equal([Pcma, Pcma], bridge.Speaks);
        Assert.InRange(bridge.Offered.Count, 4, 10);
    }

    [Fact]
    public void An_offer_that_cannot_be_sent_yet_is_made_later_and_at_last_given_up()
    {
        Assert.Equal([Opus, Opus], new BridgedPhones(All, All with { Busy = 3 }).Settle().Speaks);
        var bridge = new BridgedPhones(All, All with { Busy = 99 }).Settle();
        Assert.Equal([Pcma, Pcma], bridge.Speaks);
        Assert.Empty(bridge.OfferedTo(1));
    }

    [Fact]
    public void Who_does_not_take_G711_back_is_asked_again_and_at_last_given_up()
    {
        var bridge = new BridgedPhones(All with { Refuses = new HashSet<int> { 1, 2 } }, Narrow).Settle();
        Assert.Equal([Pcma, Pcma], bridge.Speaks);
        Assert.Null(bridge.GivenUp);
        bridge = new BridgedPhones(All with { Refuses = new HashSet<int> { 1, 2, 3 } }, Narrow).Settle();
        Assert.Equal(0, bridge.GivenUp);
    }

    [Fact]
    public void An_answer_that_agrees_on_nothing_is_followed_by_G711()
    {
        var bridge = new BridgedPhones(All with { Garbles = new HashSet<int> { 0 } }, All).Settle();
        Assert.Equal([Pcma, Pcma], bridge.Speaks);
        Assert.Equal([Opus, Pcma], bridge.OfferedTo(0));
        Assert.Equal(0, new BridgedPhones(All with { Garbles = new HashSet<int> { 0, 1, 2, 3 } }, All).Settle().GivenUp);
    }

    [Fact]
    public void A_phones_own_offer_is_answered_with_what_the_other_hears()
    {
        var bridge = new BridgedPhones(All, All).Later(1_000, 0, Pcmu, Pcma, G722, Opus).Settle();
        Assert.Equal([Opus, Opus], bridge.Speaks);
        bridge = new BridgedPhones(Narrow, All).Later(1_000, 1, Opus, G722, Pcmu).Settle();
        Assert.Equal([Pcma, Pcmu], bridge.Speaks);
    }

    [Fact]
    public void A_phone_that_leaves_the_wider_codec_takes_the_other_with_it()
    {
        var bridge = new BridgedPhones(All, All).Later(1_000, 0, Pcmu).Settle();
        Assert.Equal([Pcmu, Pcma], bridge.Speaks);
        Assert.Equal([Opus, Pcma], bridge.OfferedTo(1));
        bridge = new BridgedPhones(All, All).Later(1_000, 0, G722, Pcmu).Settle();
        Assert.Equal([Pcmu, Pcma], bridge.Speaks);
    }

    [Fact]
    public void A_phone_that_repeats_its_G711_before_it_was_asked_is_asked_all_the_same()
    {
        var glare = All with { After = PhoneManner.Milliseconds(2_500, 50) };
        Assert.Equal([Opus, Opus], new BridgedPhones(All, glare).Later(20, 1, Pcma, G722).Settle().Speaks);
    }

    static readonly AudioCodec[][] Takes = [[Opus, G722, Pcma, Pcmu], [G722, Pcma], [Opus, Pcmu], [Pcma]], Own = [[Pcma], [Pcmu, G722], [Opus, G722, Pcma], [G722, Pcmu]];

    static readonly Gen<PhoneManner> Phones = Gen.Select(
        Gen.OneOf([.. Takes.Select(Gen.Const)]),
        Gen.Int[1, 4_000].Array[1, 4],
        Gen.Int[0, 9].Array[0, 5],
        Gen.Int[0, 9].Array[0, 2],
        Gen.Int[0, 12],
        (takes, after, refuses, garbles, busy) => new PhoneManner(takes)
        {
            After = [.. after.Select(ms => (TimeSpan?)TimeSpan.FromMilliseconds(ms))],
            Refuses = refuses.ToHashSet(), Garbles = garbles.ToHashSet(), Busy = busy % 4 == 0 ? busy : 0,
        });

    static readonly Gen<(int Milliseconds, int Leg, AudioCodec[] Codecs)> OwnOffers = Gen.Select(
        Gen.Int[0, 20_000], Gen.Int[0, 1], Gen.OneOf([.. Own.Select(Gen.Const)]));

    [Fact]
    public void Whatever_phones_do_both_end_in_one_codec_or_both_in_G711_or_one_is_given_up() =>
        Gen.Select(Phones, Phones, OwnOffers.Array[0, 4]).Sample((one, other, own) =>
        {
            var bridge = new BridgedPhones(one, other);
            foreach (var (milliseconds, leg, codecs) in own) bridge.Later(milliseconds, leg, codecs);
            bridge.Settle();
            if (bridge.GivenUp is not null) return;
            Assert.True(
                bridge.Speaks[0] == bridge.Speaks[1] || bridge.Speaks.All(codec => codec is Pcma or Pcmu), $"{bridge.Speaks[0]} and {bridge.Speaks[1]} after {bridge.Now}");
            Assert.All(bridge.Allowed, allowed => Assert.Equal(bridge.Speaks[allowed!.Leg] is G722 or Opus ? bridge.Speaks[allowed.Leg] : null, allowed.Preferred));
            Assert.InRange(bridge.Offered.Count, 0, 20);
        }, iter: 20_000);

    [Fact]
    public void Phones_that_answer_soon_and_refuse_nothing_end_in_the_best_codec_that_both_have() =>
        Gen.Select(Phones, Phones, (one, other) => (one, other)).Sample(pair =>
        {
            PhoneManner Willing(PhoneManner phone) => new(phone.Takes) { After = [.. phone.After.Select(after => after / 9)] };
            var bridge = new BridgedPhones(Willing(pair.one), Willing(pair.other)).Settle();
            var shared = pair.one.Takes.Intersect(pair.other.Takes).ToArray();
            if (shared.Contains(Opus)) Assert.Equal([Opus, Opus], bridge.Speaks);
            else if (shared.Contains(G722)) Assert.Equal([G722, G722], bridge.Speaks);
            else Assert.All(bridge.Speaks, codec => Assert.True(codec is Pcma or Pcmu));
        });
}
