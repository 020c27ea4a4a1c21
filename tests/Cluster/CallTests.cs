using OrleansCallback.Calls;

namespace OrleansCallback.Tests;

/// <summary>The scenarios of a call that go as people expect.</summary>
public sealed class CallTests(CallCluster cluster)
{
    Task<TestSite> Site(long micros = 10_000_000) => new TestSite(cluster).Open(micros);

    [Fact]
    public async Task A_completed_call_is_held_rung_bridged_and_charged_in_five_commits()
    {
        var site = await (await Site()).Talk();
        (site.A.Talk, site.B.Talk) = (TimeSpan.FromSeconds(7.2), TimeSpan.FromSeconds(5));
        site.B.End(LegEnd.RemoteHungUp);
        var end = await site.End();
        Assert.Equal((CallStatus.Completed, CallOutcome.Bridged, EndParty.Merchant), (end.Status, end.Outcome, end.EndReason!.Party));
        Assert.Equal(new Money(8 * 10_000 + 5 * 10_000), end.Charge);
        Assert.Equal(5, site.Ledger.CommitsOf(site.Id));
        Assert.Equal(
            [CallStatus.Authorizing, CallStatus.CallingMember, CallStatus.MemberAnswered, CallStatus.CallingMerchant, CallStatus.Bridged, CallStatus.Completed],
            site.Ledger.EventsOf(site.Site, site.Id).Select(step => step.Status));
        Assert.Equal((new Money(10_000_000 - 130_000), Money.Zero), site.Ledger.Money(site.Site, "member/alice"));
    }

    [Fact]
    public async Task Leg_B_is_dialled_after_leg_A_is_acknowledged_and_joined_after_its_own_acknowledgement()
    {
        var site = await (await Site()).Talk();
        site.A.End(LegEnd.RemoteHungUp);
        var end = await site.End();
        Assert.Equal(EndParty.Member, end.EndReason!.Party);
        var orders = site.Legs.OrdersOf(site.Id).Select(order => $"{GrainKeys.Parts(order.Leg)[3]} {order.What}").ToList();
        Assert.Equal(["A dial", "A ack+hold", "B dial", "B ack", "A bridge", "B hangup"], orders);
    }

    [Fact]
    public async Task The_wallet_is_told_what_was_charged()
    {
        var site = await (await Site()).Talk();
        site.A.End(LegEnd.RemoteHungUp);
        await site.End();
        var posted = site.Ledger.Money(site.Site, "member/alice").Posted;
        for (var tries = 0; (await site.Wallet.Balance())!.Posted != posted; tries++) Assert.True(tries < 10_000);
        Assert.Equal(Money.Zero, (await site.Wallet.Balance())!.Held);
    }

    [Theory]
    [InlineData(LegEnd.Refused, 486, CallOutcome.MemberBusy)]
    [InlineData(LegEnd.Refused, 603, CallOutcome.MemberDeclined)]
    [InlineData(LegEnd.Refused, 404, CallOutcome.MemberUnreachable)]
    [InlineData(LegEnd.Refused, 302, CallOutcome.MemberUnreachable)]
    [InlineData(LegEnd.Refused, 503, CallOutcome.TrunkUnavailable)]
    [InlineData(LegEnd.Refused, 407, CallOutcome.TrunkUnavailable)]
    [InlineData(LegEnd.NoAnswer, 487, CallOutcome.MemberNoAnswer)]
    [InlineData(LegEnd.TrunkFailed, 408, CallOutcome.TrunkUnavailable)]
    public async Task A_member_who_is_not_reached_costs_nothing_and_the_merchant_is_not_rung(LegEnd end, int sipCode, CallOutcome outcome)
    {
        var site = await (await Site()).RingMember();
        site.A.End(end, sipCode);
        var last = await site.End();
        Assert.Equal((CallStatus.Failed, outcome, Money.Zero, sipCode), (last.Status, last.Outcome, last.Charge, last.EndReason!.SipCode));
        Assert.DoesNotContain(site.Legs.OrdersOf(site.Id), order => order.Leg.Contains("/B/", StringComparison.Ordinal));
        Assert.Equal(2, site.Ledger.CommitsOf(site.Id));
    }

    [Theory]
    [InlineData(LegEnd.Refused, 486, CallOutcome.MerchantBusy)]
    [InlineData(LegEnd.NoAnswer, 487, CallOutcome.MerchantNoAnswer)]
    [InlineData(LegEnd.Refused, 603, CallOutcome.MerchantDeclined)]
    [InlineData(LegEnd.RemoteHungUp, null, CallOutcome.MerchantDeclined)]
    public async Task A_merchant_who_is_not_reached_ends_the_hold_of_leg_A(LegEnd end, int? sipCode, CallOutcome outcome)
    {
        var site = await (await Site()).RingMerchant();
        site.B.End(end, sipCode);
        var last = await site.End();
        Assert.Equal((CallStatus.Failed, outcome, new Money(30_000)), (last.Status, last.Outcome, last.Charge));
        Assert.True(site.A.Over);
    }

    [Fact]
    public async Task Cancel_before_answer_releases_the_hold()
    {
        var site = await (await Site()).RingMember();
        var view = await site.Session.Cancel();
        Assert.Equal((CallStatus.Canceled, CallOutcome.CanceledByMember), (view!.Status, view.Outcome));
        Assert.Equal(Money.Zero, (await site.End()).Charge);
    }

    [Fact]
    public async Task Cancel_while_the_merchant_rings_ends_both_legs()
    {
        var site = await (await Site()).RingMerchant();
        await site.Session.Cancel();
        var end = await site.End();
        Assert.Equal((CallStatus.Canceled, CallOutcome.CanceledByMember), (end.Status, end.Outcome));
        Assert.True(site.A.Over && site.B.Over);
    }

    [Fact]
    public async Task A_cancel_that_crosses_the_answer_leaves_no_leg_and_dials_no_merchant()
    {
        var site = await (await Site()).RingMember();
        site.A.EndsWhenTold = false;
        var cancel = site.Session.Cancel();
        await site.Legs.Ordered(site.Id, CallLeg.A, "hangup");
        site.A.Answer();
        site.A.End(LegEnd.HungUp);
        await cancel;
        Assert.Equal(CallOutcome.CanceledByMember, (await site.End()).Outcome);
        Assert.DoesNotContain(site.Legs.OrdersOf(site.Id), order => order.Leg.Contains("/B/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancel_after_the_bridge_hangs_up_and_counts_as_bridged()
    {
        var site = await (await Site()).Talk();
        await site.Session.Cancel();
        var end = await site.End();
        Assert.Equal((CallStatus.Completed, CallOutcome.Bridged, EndParty.Member), (end.Status, end.Outcome, end.EndReason!.Party));
    }

    [Fact]
    public async Task A_member_who_hangs_up_on_hold_stops_the_merchant_s_phone()
    {
        var site = await (await Site()).RingMerchant();
        site.A.End(LegEnd.RemoteHungUp);
        var end = await site.End();
        Assert.Equal((CallStatus.Failed, CallOutcome.MemberHungUp, EndParty.Member), (end.Status, end.Outcome, end.EndReason!.Party));
        Assert.True(site.B.Over);
    }

    [Fact]
    public async Task A_leg_that_does_not_obey_is_told_again_and_the_call_waits_for_its_end()
    {
        var site = await (await Site()).Talk();
        site.B.EndsWhenTold = false;
        site.A.End(LegEnd.RemoteHungUp);
        await site.Legs.Ordered(site.Id, CallLeg.B, "hangup");
        Assert.Equal(CallStatus.Bridged, (await site.Session.Get())!.Status);
        site.B.EndsWhenTold = true;
        await cluster.WhileTimePasses(site.End());
        Assert.True(site.Legs.OrdersOf(site.Id).Count(order => order.What == "hangup") >= 2);
    }

    [Fact]
    public async Task Legs_on_two_silos_tell_each_other_where_their_audio_goes()
    {
        var site = await (await new TestSite(cluster).Open(merchant: "+431234567890")).Talk();
        Assert.NotEqual(site.A.Attempt.Silo, site.B.Attempt.Silo);
        var across = site.Legs.OrdersOf(site.Id).Where(order => order.What.StartsWith("across", StringComparison.Ordinal));
        var (a, b) = (site.A.Attempt.Key, site.B.Attempt.Key);
        Assert.Equal([(a, "across "), (b, $"across inner-of-{a}"), (a, $"across inner-of-{b}")], across.Select(order => (order.Leg, order.What)));
        site.B.End(LegEnd.RemoteHungUp);
        await site.End();
    }

    [Fact]
    public async Task An_owner_that_owns_no_longer_is_passed_over_once()
    {
        var site = await Site();
        site.Legs.Dialling = attempt => attempt.Callback == site.Id && attempt.Attempt == 1 ? DialResult.NotOwner : DialResult.Dialled;
        await site.Place();
        while (site.Ledger.AttemptsOf(site.Site, site.Id).Count < 2) await Task.Yield();
        await site.Legs.Ordered(site.Id, CallLeg.A, "dial");
        await site.Session.Cancel();
        Assert.Equal(CallOutcome.CanceledByMember, (await site.End()).Outcome);
        site.Legs.Dialling = _ => DialResult.Dialled;
    }

    [Theory]
    [InlineData(DialResult.NotOwner, CallOutcome.TrunkUnavailable)]
    [InlineData(DialResult.NoCapacity, CallOutcome.NoCapacity)]
    public async Task A_trunk_that_takes_no_leg_ends_the_call_without_charge(DialResult result, CallOutcome outcome)
    {
        var site = await Site();
        site.Legs.Dialling = attempt => attempt.Callback == site.Id ? result : DialResult.Dialled;
        await site.Place();
        var end = await site.End();
        site.Legs.Dialling = _ => DialResult.Dialled;
        Assert.Equal((outcome, Money.Zero), (end.Outcome, end.Charge));
    }
}
