using OrleansCallback.Calls;
using OrleansCallback.Rates;

namespace OrleansCallback.Tests;

/// <summary>Calls over trunk <c>decked</c> (+4470), whose rates are in decks; leg A's trunk has a flat rate of 10,000 a second.</summary>
public sealed class RatesTests(CallCluster cluster)
{
    const string Merchant = "+447011112222";
    const string MinuteBilled = "+447022223333";
    const string NotInTheDeck = "+447099999999";
    const long Flat = 10_000;

    static readonly Rate Retail = new()
    {
        PerMinute = new(600_000), ConnectFee = new(5_000), FirstIncrement = 30, NextIncrement = 6, Minimum = new(1), AttemptFee = new(700),
    };

    static readonly Rate ByTheMinute = new() { PerMinute = new(600_000), FirstIncrement = 60, NextIncrement = 60 };

    /// <summary>What is in force in the cluster.</summary>
    public static RateBook Book { get; } = new(
        1, [new("decked", null, "retail"), new("decked", Payer.Merchant, "wholesale")],
        [
            new(new("retail", 3, "EUR", "UTC", DateTimeOffset.MinValue, null), new([new("+44701", Retail), new("+44702", ByTheMinute)])),
            new(new("wholesale", 1, "EUR", "UTC", DateTimeOffset.MinValue, null), new([new("+44", Rate.Flat(new(1)))])),
        ],
        DateTimeOffset.MaxValue);

    [Fact]
    public async Task A_leg_is_billed_by_its_deck_s_increments_and_the_record_tells_how()
    {
        var site = await new TestSite(cluster).Open(merchant: Merchant);
        await site.Talk();
        site.B.Talk = TimeSpan.FromSeconds(31);
        site.A.End(LegEnd.RemoteHungUp);
        var end = await site.End();
        Assert.Equal(3 * Flat + 5_000 + 36 * 10_000, end.Charge!.Value.Micros);
        var parts = site.Cdr.LegB!.PriceParts!;
        Assert.Equal(("retail@3", "+44701", Retail, 36, new Money(5_000), new Money(360_000)),
            (parts.Version, parts.Prefix, parts.Rate, parts.BilledSeconds, parts.ConnectFee, parts.Time));
        Assert.Equal(parts, Pricing.Of(new("decked", parts.Version, parts.Prefix, parts.Rate), parts.Talk, parts.Attempted));
        Assert.EndsWith("+retail@3", site.Cdr.RateVersion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_payer_s_class_chooses_the_deck()
    {
        var site = await new TestSite(cluster).Open(merchant: Merchant, payer: Payer.Merchant);
        await site.Talk();
        site.A.End(LegEnd.RemoteHungUp);
        Assert.Equal(3 * Flat + 3, (await site.End()).Charge!.Value.Micros);
        Assert.Equal("wholesale@1", site.Cdr.LegB!.PriceParts!.Version);
    }

    [Theory]
    [InlineData(LegEnd.Refused, 486, true, 700)]
    [InlineData(LegEnd.Refused, 603, false, 700)]
    [InlineData(LegEnd.NoAnswer, null, true, 700)]
    [InlineData(LegEnd.Refused, 503, false, 0)]
    [InlineData(LegEnd.TrunkFailed, null, false, 0)]
    [InlineData(LegEnd.NoCapacity, null, false, 0)]
    public async Task A_leg_that_nobody_answered_costs_the_attempt_fee_if_the_carrier_took_it_on(LegEnd end, int? code, bool rang, long fee)
    {
        var site = await new TestSite(cluster).Open(merchant: Merchant);
        await site.RingMemberSilently();
        site.A.Answer();
        await site.Legs.Ordered(site.Id, CallLeg.B, "dial");
        site.B.End(end, code, rang);
        Assert.Equal(3 * Flat + fee, (await site.End()).Charge!.Value.Micros);
        Assert.Equal((fee, fee > 0), (site.Cdr.LegB!.Price.Micros, site.Cdr.LegB.PriceParts!.Attempted));
    }

    [Fact]
    public async Task A_leg_that_the_member_gave_up_while_it_rang_costs_the_attempt_fee()
    {
        var site = await new TestSite(cluster).Open(merchant: Merchant);
        await site.RingMerchant();
        site.B.EndsWhenTold = false;
        var canceled = site.Session.Cancel();
        await site.Legs.Ordered(site.Id, CallLeg.B, "hangup");
        site.B.End(LegEnd.HungUp, rang: true);
        await canceled;
        Assert.Equal(3 * Flat + 700, (await site.End()).Charge!.Value.Micros);
    }

    [Fact]
    public async Task A_number_that_the_trunk_s_deck_does_not_have_is_refused_before_anything_rings()
    {
        var site = await new TestSite(cluster).Open(merchant: NotInTheDeck);
        var admission = await site.Place();
        Assert.Equal((AdmissionKind.Refused, CallOutcome.NoRate), (admission.Kind, admission.Callback!.Outcome));
        await site.End();
        Assert.Empty(site.Legs.OrdersOf(site.Id));
        Assert.Equal("none", site.Cdr.RateVersion);
    }

    [Theory]
    [InlineData(Flat + 600_000 - 1, false, 0)]
    [InlineData(Flat + 600_000, true, 1)]
    [InlineData((60 * Flat) + 600_000, true, 60)]
    [InlineData((61 * Flat) + 600_000, true, 60)]
    [InlineData((61 * Flat) + 1_200_000, true, 61)]
    public async Task A_grant_ends_with_the_last_second_whose_increments_are_paid_for(long micros, bool admitted, int seconds)
    {
        var site = await new TestSite(cluster).Open(micros, merchant: MinuteBilled);
        Assert.Equal(admitted ? AdmissionKind.Admitted : AdmissionKind.Refused, (await site.Place()).Kind);
        if (admitted)
        {
            await site.Legs.Ordered(site.Id, CallLeg.A, "dial");
            site.A.Answer();
            await site.Legs.Ordered(site.Id, CallLeg.B, "dial");
            Assert.Equal(TimeSpan.FromSeconds(seconds), site.A.Grant!.SinceAnswer);
            site.B.Answer();
            await site.Event(CallStatus.Bridged);
            site.A.Talk = site.B.Talk = TimeSpan.FromSeconds(seconds) + TimeSpan.FromMilliseconds(30);
            site.A.End(LegEnd.GrantEnded);
        }

        var charge = (await site.End()).Charge!.Value.Micros;
        Assert.Equal(admitted ? seconds * Flat + (seconds + 59) / 60 * 600_000 : 0, charge);
        Assert.InRange(charge, 0, micros);
    }

    [Fact]
    public async Task While_it_is_not_known_which_rates_are_in_force_nothing_is_decided()
    {
        var site = await new TestSite(cluster).Open(merchant: Merchant);
        cluster.Rates.Adopt(new(2, [], [], cluster.Time.GetUtcNow()));
        try
        {
            Assert.Equal(AdmissionKind.Undecided, (await site.Place()).Kind);
        }
        finally
        {
            cluster.Rates.Adopt(Book);
        }

        Assert.Equal(AdmissionKind.Admitted, (await site.Place()).Kind);
        await site.Session.Cancel();
        await site.End();
    }
}
