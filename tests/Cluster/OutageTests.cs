using Microsoft.Extensions.Logging.Abstractions;
using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests;

/// <summary>Money that runs low, a database that goes, activations that move, silos that die.</summary>
public sealed class OutageTests(CallCluster cluster)
{
    Task<TestSite> Site(long micros = 10_000_000) => new TestSite(cluster).Open(micros);

    [Fact]
    public async Task The_grant_is_extended_while_they_talk()
    {
        var site = await (await Site()).Talk();
        site.A.RunLow(TimeSpan.FromSeconds(15));
        await site.Legs.Ordered(site.Id, CallLeg.A, "extend");
        await site.Legs.Ordered(site.Id, CallLeg.B, "extend");
        Assert.Equal(TimeSpan.FromSeconds(105), site.A.Grant!.SinceAnswer);
        Assert.NotNull(site.B.Grant!.Remaining);
        Assert.Equal(new Money(105 * TestSite.PerSecond), site.Ledger.Money(site.Site, "member/alice").Held);
        site.A.End(LegEnd.RemoteHungUp);
        await site.End();
    }

    [Fact]
    public async Task The_end_of_the_money_ends_the_call_and_never_charges_more_than_was_held()
    {
        var site = await (await Site(10 * TestSite.PerSecond)).Talk();
        Assert.Equal(TimeSpan.FromSeconds(10), site.A.Grant!.SinceAnswer);
        site.A.RunLow(TimeSpan.FromSeconds(6));
        (site.A.Talk, site.B.Talk) = (TimeSpan.FromSeconds(10.03), TimeSpan.FromSeconds(10.02));
        site.A.End(LegEnd.GrantEnded);
        var end = await site.End();
        Assert.Equal((CallOutcome.Bridged, EndParty.Payer, new Money(10 * TestSite.PerSecond)), (end.Outcome, end.EndReason!.Party, end.Charge));
        Assert.Equal((Money.Zero, Money.Zero), site.Ledger.Money(site.Site, "member/alice"));
    }

    [Fact]
    public async Task Money_that_ends_while_the_merchant_rings_is_credit_exhausted()
    {
        var site = await (await Site(10 * TestSite.PerSecond)).RingMerchant();
        site.A.End(LegEnd.GrantEnded);
        Assert.Equal((CallOutcome.CreditExhausted, true), ((await site.End()).Outcome!.Value, site.B.Over));
    }

    [Fact]
    public async Task A_payer_who_tops_up_during_the_call_talks_on()
    {
        var site = await (await Site(10 * TestSite.PerSecond)).Talk();
        site.A.RunLow(TimeSpan.FromSeconds(1));
        Assert.Equal(WalletResult.Done, await site.Wallet.Credit(new("gift", new(5_000_000), "EUR")));
        await cluster.WhileTimePasses(site.Legs.Ordered(site.Id, CallLeg.A, "extend"));
        Assert.True(site.A.Grant!.SinceAnswer > TimeSpan.FromSeconds(10));
        site.A.End(LegEnd.RemoteHungUp);
        await site.End();
    }

    [Fact]
    public async Task A_session_that_is_deactivated_goes_on_from_what_is_stored()
    {
        var site = await (await Site()).RingMerchant();
        await site.Deactivate();
        site.B.Answer();
        await site.Event(CallStatus.Bridged);
        await site.Deactivate();
        site.A.End(LegEnd.RemoteHungUp);
        Assert.Equal(CallOutcome.Bridged, (await site.End()).Outcome);
        Assert.Single(site.Legs.OrdersOf(site.Id).Where(order => order.What == "dial").Select(order => order.Leg).Distinct(), key => key.Contains("/B/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_that_is_deactivated_while_the_member_rings_does_not_dial_again()
    {
        var site = await (await Site()).RingMember();
        await site.Deactivate();
        site.A.Answer();
        await site.Legs.Ordered(site.Id, CallLeg.B, "dial");
        await site.Session.Cancel();
        await site.End();
        Assert.Single(site.Legs.OrdersOf(site.Id), order => order.What == "dial" && order.Leg.Contains("/A/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_activation_whose_call_was_taken_over_drops_its_memory_and_the_call_is_settled_once()
    {
        var site = await (await Site()).Talk();
        await site.Ledger.OpenCall(site.Site, site.Id, CancellationToken.None);
        site.A.End(LegEnd.RemoteHungUp);
        Assert.Equal(CallOutcome.Bridged, (await cluster.WhileTimePasses(site.End())).Outcome);
        Assert.Equal(1, site.Ledger.Commits.Count(commit => commit.Callback == site.Id && commit.What == "settle"));
    }

    [Fact]
    public async Task A_wallet_whose_epoch_was_taken_over_reads_itself_anew()
    {
        var site = await Site();
        await site.Wallet.Balance();
        await site.Ledger.OpenWallet(site.Site, "member/alice", CancellationToken.None);
        await site.RingMember();
        await site.Session.Cancel();
        await site.End();
    }

    [Fact]
    public async Task While_the_database_is_away_the_call_is_joined_and_hung_up_and_settled_when_it_is_back()
    {
        var site = await (await Site()).RingMerchant();
        var away = true;
        site.Fault = write => away && write.Settlement is not null ? WriteFault.Reject : WriteFault.None;
        site.B.Answer();
        await site.Event(CallStatus.Bridged);
        site.A.End(LegEnd.RemoteHungUp);
        await site.Legs.Ordered(site.Id, CallLeg.B, "hangup");
        Assert.Equal(1, site.Ledger.PendingHolds(site.Site, "member/alice"));
        away = false;
        Assert.Equal(CallOutcome.Bridged, (await cluster.WhileTimePasses(site.End())).Outcome);
        site.Fault = null;
    }

    [Fact]
    public async Task While_nothing_can_be_read_or_written_the_call_ends_and_is_settled_later()
    {
        var site = await (await Site()).Talk();
        site.Ledger.Away[site.Site] = true;
        site.B.End(LegEnd.RemoteHungUp);
        await site.Legs.Ordered(site.Id, CallLeg.A, "hangup");
        // The settlement is refused once; after that the call asks again and again how it stands.
        await cluster.WhileTimePasses(site.Ledger.RefusedAsync(site.Site, 5));
        Assert.Equal(CallStatus.Bridged, (await site.Session.Get())!.Status);
        site.Ledger.Away.TryRemove(site.Site, out _);
        Assert.Equal((CallOutcome.Bridged, EndParty.Merchant), Why(await cluster.WhileTimePasses(site.End())));
        static (CallOutcome, EndParty) Why(CallEvent end) => (end.Outcome!.Value, end.EndReason!.Party!.Value);
    }

    [Fact]
    public async Task A_settlement_whose_answer_is_lost_is_charged_once()
    {
        var site = await (await Site()).Talk();
        var lost = 0;
        site.Fault = write =>
            write.Settlement is not null && lost++ == 0 ? WriteFault.LoseAnswer : WriteFault.None;
        site.A.End(LegEnd.RemoteHungUp);
        var end = await cluster.WhileTimePasses(site.End());
        site.Fault = null;
        Assert.Equal(new Money(10_000_000) - end.Charge!.Value, site.Ledger.Money(site.Site, "member/alice").Posted);
    }

    [Fact]
    public async Task A_silo_lost_before_the_bridge_ends_the_call_without_charge()
    {
        var site = await (await Site()).RingMerchant();
        await Lose(site, CallLeg.A);
        var end = await cluster.WhileTimePasses(site.End());
        Assert.Equal((CallOutcome.SiloLost, Money.Zero, EndParty.System), (end.Outcome, end.Charge, end.EndReason!.Party));
    }

    [Fact]
    public async Task A_silo_lost_after_the_bridge_charges_what_was_proven_alone()
    {
        var site = await (await Site()).Talk();
        site.A.RunLow(TimeSpan.FromSeconds(15));
        await site.Legs.Ordered(site.Id, CallLeg.A, "extend");
        await Lose(site, CallLeg.A);
        var end = await cluster.WhileTimePasses(site.End());
        Assert.Equal((CallStatus.Completed, CallOutcome.Bridged, EndParty.System), (end.Status, end.Outcome, end.EndReason!.Party));
        Assert.Equal(new Money(15 * 10_000), end.Charge);
    }

    [Fact]
    public async Task A_hold_left_by_a_killed_process_is_released_by_the_sweep()
    {
        var site = await (await Site()).RingMember();
        await site.Deactivate();
        site.A.Silence();
        cluster.Liveness.Dead.Add(site.A.Attempt.Silo);
        var sweeper = new Sweeper(site.Ledger, cluster.Grains, new(cluster.Time), NullLogger<Sweeper>.Instance);
        Assert.True(await sweeper.SweepAsync(all: true, TestContext.Current.CancellationToken));
        cluster.Liveness.Dead.Remove(cluster.Silo);
        site.A.End(LegEnd.HungUp);
        Assert.Equal(CallOutcome.SiloLost, (await cluster.WhileTimePasses(site.End())).Outcome);
        Assert.Equal(Money.Zero, site.Ledger.Money(site.Site, "member/alice").Held);
    }

    async Task Lose(TestSite site, CallLeg leg)
    {
        site.Legs.Leg(site.Id, leg).Silence();
        cluster.Liveness.Dead.Add(cluster.Silo);
        await site.Session.Sweep();
        cluster.Liveness.Dead.Remove(cluster.Silo);
        foreach (var one in new[] { site.A, site.B }) one.End(LegEnd.HungUp);
    }
}
