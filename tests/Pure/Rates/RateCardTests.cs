using OrleansCallback.Calls;
using OrleansCallback.Rates;

namespace OrleansCallback.Tests.Rates;

public sealed class RateCardTests
{
    static readonly TrunkRate Cheap = new("a", "deck@1", "+49", Rate.Flat(new(5)));
    static readonly TrunkRate Dear = new("b", "deck@2", "+4930", Rate.Flat(new(7)));

    [Fact]
    public void A_hold_covers_the_dearest_trunk_and_a_charge_is_of_the_trunk_that_carried()
    {
        var card = new RateCard(DateTimeOffset.UnixEpoch, [Cheap, Dear], [Cheap]);
        Assert.Equal(new(12), WorstPrice.Of(card.Grant, 1));
        Assert.Equal((Cheap, Dear), (card.Of(CallLeg.A, "a"), card.Of(CallLeg.A, "b")));
        Assert.Equal(["a", "b"], card.Route(CallLeg.A));
        Assert.Equal("deck@1+deck@2", card.Versions);
    }

    [Fact]
    public void A_trunk_without_a_frozen_rate_is_a_broken_call() =>
        Assert.Throws<InvalidOperationException>(() => new RateCard(DateTimeOffset.UnixEpoch, [Cheap, Dear], [Cheap]).Of(CallLeg.B, "b"));
}
