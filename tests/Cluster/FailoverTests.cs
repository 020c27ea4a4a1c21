using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Trunks;

namespace OrleansCallback.Tests;

/// <summary>A number whose route has three trunks: carrier, second, third at 10,000, 40,000 and 20,000 a second.</summary>
public sealed class FailoverTests(CallCluster cluster)
{
    const string Member = "+494012345678";
    const string Merchant = "+493087654321";
    const long Dearest = 40_000 + 10_000;

    [Fact]
    public async Task The_next_trunk_carries_a_leg_whose_trunk_failed_and_the_hold_covers_the_dearest()
    {
        var site = await new TestSite(cluster).Open(member: Member);
        await site.RingMemberSilently();
        Assert.Equal(90 * Dearest, (await site.Wallet.Balance())!.Held.Micros);
        await site.EndsOn(1, LegEnd.Refused, 503);
        await site.EndsOn(2, LegEnd.TrunkFailed);
        await site.DialledOn(3, CallLeg.A, "third");
        site.A.Answer();
        await site.Legs.Ordered(site.Id, CallLeg.B, "dial");
        site.B.Answer();
        await site.Event(CallStatus.Bridged);
        site.A.End(LegEnd.RemoteHungUp);
        var end = await site.End();
        Assert.Equal((CallOutcome.Bridged, "third"), (end.Outcome, site.Cdr.LegA!.Trunk));
        Assert.Equal((Rate.Flat(new(20_000)), new Money(3 * 20_000 + 3 * 10_000)), (site.Cdr.LegA.PriceParts!.Rate, site.Cdr.Charge));
    }

    [Fact]
    public async Task Every_attempt_is_durable_before_it_is_dialled_and_stays_as_it_ended()
    {
        var site = await new TestSite(cluster).Open(member: Member);
        await site.RingMemberSilently();
        await site.EndsOn(1, LegEnd.Refused, 500);
        await site.EndsOn(2, LegEnd.Refused, 503);
        await site.DialledOn(3, CallLeg.A, "third");
        await site.EndsOn(3, LegEnd.Refused, 503);
        var end = await site.End();
        Assert.Equal((CallOutcome.TrunkUnavailable, 503), (end.Outcome, end.EndReason?.SipCode));
        Assert.Equal(["carrier", "second", "third"], site.Ledger.RowsOf(site.Site, site.Id).Select(row => row.Attempt.Trunk));
        Assert.Equal(new int?[] { 500, 503, 503 }, site.Ledger.RowsOf(site.Site, site.Id).Select(row => row.Ended?.SipCode));
    }

    [Theory]
    [InlineData(486, CallOutcome.MemberBusy)]
    [InlineData(603, CallOutcome.MemberDeclined)]
    [InlineData(404, CallOutcome.MemberUnreachable)]
    public async Task A_person_s_own_answer_is_the_last_word(int code, CallOutcome outcome)
    {
        var site = await new TestSite(cluster).Open(member: Member);
        await site.RingMemberSilently();
        site.A.End(LegEnd.Refused, code);
        Assert.Equal(outcome, (await site.End()).Outcome);
        Assert.Single(site.Legs.LegsOf(site.Id));
    }

    [Fact]
    public async Task A_trunk_without_channels_or_that_is_down_is_passed_over()
    {
        var site = await new TestSite(cluster).Open(member: Member);
        site.Legs.Dialling = attempt => attempt.Callback != site.Id ? DialResult.Dialled : attempt.Trunk switch
        {
            "carrier" when attempt.Leg == CallLeg.A => DialResult.NoCapacity,
            "second" => DialResult.TrunkDown,
            _ => DialResult.Dialled,
        };
        await site.Place();
        await site.DialledOn(3, CallLeg.A, "third");
        await site.Session.Cancel();
        Assert.Equal(CallOutcome.CanceledByMember, (await site.End()).Outcome);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, CallOutcome.NoCapacity)]
    public async Task A_leg_for_which_one_owner_has_no_channel_is_taken_by_another_owner_of_the_trunk(bool another, CallOutcome? outcome)
    {
        const string Other = "127.0.0.8:11111@1";
        var site = await new TestSite(cluster).Open();
        var offer = new TrunkOffer(Other, "127.0.0.1:5060", "192.0.2.1:5060", "carrier.example", "+4930999999", 1_000, 0);
        await cluster.Grains.GetGrain<ITrunkGrain>(GrainKeys.Trunk(site.Site, "carrier")).Lease(offer);
        site.Legs.Dialling = attempt =>
            attempt.Callback == site.Id && (attempt.Silo == cluster.Silo || !another) ? DialResult.NoCapacity : DialResult.Dialled;
        await site.Place();
        if (another)
        {
            await site.DialledOn(2, CallLeg.A, "carrier");
            await site.Session.Cancel();
        }

        Assert.Equal(outcome ?? CallOutcome.CanceledByMember, (await site.End()).Outcome);
        Assert.Equal([cluster.Silo, Other], site.Ledger.RowsOf(site.Site, site.Id).Select(row => row.Attempt.Silo));
        site.Legs.Dialling = _ => DialResult.Dialled;
    }

    [Fact]
    public async Task A_trunk_whose_grain_cannot_be_told_holds_up_no_other()
    {
        var offers = new FakeOffers();
        foreach (var trunk in (string[])["lease-1", "not-told", "lease-2"]) offers.Offers[trunk] = new(cluster.Silo, "h:1", "t:1", "d", "c", 10, 0);
        offers.Offers["not-told"] = null;
        using var leases = new TrunkLeases(offers, new(Microsoft.Extensions.Options.Options.Create(new TrunksOptions())), cluster.Grains, cluster.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<TrunkLeases>.Instance);
        Assert.False(await leases.RenewAsync());
        Assert.Equal(["lease-1", "lease-2"], offers.Leases.Order());
    }

    [Fact]
    public async Task Trunks_whose_owners_say_that_they_are_down_are_passed_over_before_anything_is_held()
    {
        var site = await new TestSite(cluster).Open(member: Member);
        var offer = new TrunkOffer(cluster.Silo, "127.0.0.1:5060", "192.0.2.1:5060", "carrier.example", "+4930999999", 1_000, 0);
        await cluster.Grains.GetGrain<ITrunkGrain>(GrainKeys.Trunk(site.Site, "second"))
            .Lease(offer with { Condition = TrunkCondition.Down, Pause = TimeSpan.FromMinutes(1) });
        await site.RingMemberSilently();
        await site.EndsOn(1, LegEnd.TrunkFailed);
        await site.DialledOn(2, CallLeg.A, "third");
        site.A.End(LegEnd.Refused, 486);
        Assert.Equal(CallOutcome.MemberBusy, (await site.End()).Outcome);
    }

    [Fact]
    public async Task A_leg_that_rang_is_not_rung_again_over_another_trunk()
    {
        var site = await new TestSite(cluster).Open(member: Member);
        await site.RingMember();
        site.A.End(LegEnd.Refused, 503, rang: true);
        Assert.Equal(CallOutcome.TrunkUnavailable, (await site.End()).Outcome);
        Assert.Single(site.Legs.LegsOf(site.Id));
    }

    [Fact]
    public async Task Leg_B_fails_over_too_while_the_member_is_on_hold()
    {
        var site = await new TestSite(cluster).Open(merchant: Member, member: Merchant);
        await site.RingMemberSilently();
        site.A.Answer();
        await site.DialledOn(1, CallLeg.B, "carrier");
        site.B.End(LegEnd.Refused, 502);
        await site.DialledOn(2, CallLeg.B, "second");
        site.B.Answer();
        await site.Event(CallStatus.Bridged);
        site.B.End(LegEnd.RemoteHungUp);
        Assert.Equal(CallOutcome.Bridged, (await site.End()).Outcome);
        Assert.Equal("second", site.Cdr.LegB!.Trunk);
    }

    [Theory]
    [InlineData(true, null, "+493012345678")]
    [InlineData(false, null, "+4930999999")]
    [InlineData(true, "+493012345679", "+4930999999")]
    public async Task A_merchant_sees_the_member_s_number_only_if_it_is_proven_and_the_one_that_is_rung(bool proven, string? rung, string shown)
    {
        var site = await new TestSite(cluster).Open(member: rung ?? "+493012345678", merchant: "+41712345678");
        await site.ShowMember("+493012345678", proven);
        await site.RingMerchant();
        Assert.StartsWith($"<sip:{shown}@carrier.example>", site.B.Attempt.From, StringComparison.Ordinal);
        site.B.End(LegEnd.Refused, 486);
        await site.End();
    }

    [Fact]
    public async Task A_second_callback_of_the_number_rung_is_refused_while_the_first_is_live()
    {
        var site = await new TestSite(cluster).Open();
        cluster.Options.OneAtATime = true;
        try
        {
            await site.RingMember();
            var second = site.Request with { IdempotencyKey = "key-2" };
            var session = cluster.Grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(site.Site, second.CallbackId));
            var refused = await session.Place(second);
            Assert.Equal((AdmissionKind.Refused, CallOutcome.AlreadyActive), (refused.Kind, refused.Callback?.Outcome));
            site.A.End(LegEnd.Refused, 486);
            await site.End();
            var third = second with { IdempotencyKey = "key-3" };
            session = cluster.Grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(site.Site, third.CallbackId));
            Assert.Equal(AdmissionKind.Admitted, (await session.Place(third)).Kind);
            await session.Cancel();
        }
        finally
        {
            cluster.Options.OneAtATime = false;
        }
    }

    [Fact]
    public async Task A_trunk_grain_that_is_new_asks_the_silos_what_they_offer()
    {
        cluster.Offers.Offers["asked"] = new(cluster.Silo, "h:1", "t:1", "d", "c", 10, 0) { HeldChannels = 10 };
        var trunk = cluster.Grains.GetGrain<ITrunkGrain>(GrainKeys.Trunk("a-site-that-nobody-announced", "asked"));
        Assert.Equal(cluster.Silo, (await trunk.Owner(null))?.Silo);
        Assert.Equal(10, Assert.Single(await trunk.Owners()).Channels);
    }

    [Fact]
    public async Task A_call_ends_at_the_longest_time_of_its_site()
    {
        var site = await new TestSite(cluster).Open();
        cluster.Options.MaxDuration = TimeSpan.FromSeconds(40);
        try
        {
            await site.Talk();
        }
        finally
        {
            cluster.Options.MaxDuration = TimeSpan.Zero;
        }

        Assert.Equal(TimeSpan.FromSeconds(40), site.A.Grant!.SinceAnswer);
        site.A.RunLow(TimeSpan.FromSeconds(30));
        site.A.End(LegEnd.GrantEnded);
        var end = await site.End();
        Assert.Equal((CallOutcome.Bridged, EndParty.System), (end.Outcome, end.EndReason!.Party));
        Assert.Contains("00:00:40", end.EndReason.Message, StringComparison.Ordinal);
    }
}
