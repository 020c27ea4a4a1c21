using OrleansCallback.Calls;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests;

/// <summary>Who is admitted, who is refused, and what a repeat is answered.</summary>
public sealed class AdmissionTests(CallCluster cluster)
{
    [Theory]
    [InlineData(0)]
    [InlineData(TestSite.PerSecond - 1)]
    public async Task A_payer_without_credit_is_refused_before_anything_rings(long micros)
    {
        var site = await new TestSite(cluster).Open(micros);
        var admission = await site.Place();
        Assert.Equal((AdmissionKind.Refused, CallOutcome.InsufficientFunds), (admission.Kind, admission.Callback!.Outcome));
        var end = await site.End();
        Assert.Equal((1, Money.Zero), (end.Number, end.Charge));
        Assert.Empty(site.Legs.OrdersOf(site.Id));
        Assert.Empty(site.Ledger.AttemptsOf(site.Site, site.Id));
        Assert.Equal(1, site.Ledger.CommitsOf(site.Id));
    }

    [Fact]
    public async Task A_free_call_needs_a_balance_above_zero()
    {
        var site = await new TestSite(cluster).Open(0, "+441632960000", "+441632960001");
        site.Ledger.Open(site.Site, "member/alice", Money.Zero);
        Assert.Equal(CallOutcome.InsufficientFunds, (await site.Place()).Callback!.Outcome);
    }

    [Theory]
    [InlineData("+33123456789", CallOutcome.TrunkUnavailable)]
    [InlineData("+12025550100", CallOutcome.TrunkUnavailable)]
    [InlineData("+390612345678", CallOutcome.NoRate)]
    public async Task A_number_that_no_trunk_can_ring_is_refused(string merchant, CallOutcome outcome)
    {
        var site = await new TestSite(cluster).Open(merchant: merchant);
        var admission = await site.Place();
        Assert.Equal((AdmissionKind.Refused, outcome), (admission.Kind, admission.Callback!.Outcome));
        await site.End();
        Assert.Empty(site.Legs.OrdersOf(site.Id));
    }

    [Fact]
    public async Task An_unknown_merchant_is_not_stored()
    {
        var site = await new TestSite(cluster).Open();
        var request = site.Request with { Merchant = "nobody" };
        var session = cluster.Grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(site.Site, request.CallbackId));
        Assert.Equal(AdmissionKind.UnknownMerchant, (await session.Place(request)).Kind);
        Assert.Null(await session.Get());
        Assert.Null(site.Ledger.CallOf(site.Site, request.CallbackId));
    }

    [Fact]
    public async Task Ten_requests_with_one_key_ring_once()
    {
        var site = await new TestSite(cluster).Open();
        var admissions = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => site.Place()));
        Assert.All(admissions, admission => Assert.Equal(AdmissionKind.Admitted, admission.Kind));
        await site.Legs.Ordered(site.Id, CallLeg.A, "dial");
        await site.Session.Cancel();
        Assert.Equal(AdmissionKind.Admitted, (await site.Place()).Kind);
        Assert.Equal(CallOutcome.CanceledByMember, (await site.Place()).Callback!.Outcome);
        Assert.Single(site.Legs.OrdersOf(site.Id), order => order.What == "dial");
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var site = await new TestSite(cluster).Open();
        await site.Place();
        var other = site.Request with { MemberNumber = PhoneNumber.FromE164("+493000000001") };
        Assert.Equal(AdmissionKind.KeyReused, (await site.Session.Place(other)).Kind);
        await site.Session.Cancel();
        await site.End();
        Assert.Equal(AdmissionKind.KeyReused, (await site.Session.Place(other)).Kind);
    }

    [Fact]
    public async Task Two_calls_on_money_for_one_second_cannot_both_be_admitted()
    {
        var site = await new TestSite(cluster).Open(TestSite.PerSecond);
        var second = site.Request with { IdempotencyKey = "key-2" };
        var session = cluster.Grains.GetGrain<ICallSessionGrain>(GrainKeys.Session(site.Site, second.CallbackId));
        var admissions = await Task.WhenAll(site.Place(), session.Place(second));
        Assert.Single(admissions, admission => admission.Kind == AdmissionKind.Admitted);
        Assert.Single(admissions, admission => admission.Callback!.Outcome == CallOutcome.InsufficientFunds);
    }

    [Fact]
    public async Task An_undecided_request_rings_nobody_and_its_late_hold_is_released()
    {
        var site = await new TestSite(cluster).Open();
        site.Fault = _ => WriteFault.Hang;
        var admission = await cluster.WhileTimePasses(site.Place(), TimeSpan.FromSeconds(10));
        Assert.Equal(AdmissionKind.Undecided, admission.Kind);
        site.Fault = null;
        // Durable now, or fenced by the wallet's next reading, if that came first: either way nothing rings.
        site.Ledger.CommitLate(site.Site);
        var end = await cluster.WhileTimePasses(site.End());
        Assert.Equal((CallStatus.Failed, CallOutcome.Internal, Money.Zero), (end.Status, end.Outcome, end.Charge));
        Assert.Empty(site.Legs.OrdersOf(site.Id));
        var repeat = await site.Place();
        Assert.Equal((AdmissionKind.Refused, CallOutcome.Internal), (repeat.Kind, repeat.Callback!.Outcome));
    }

    [Fact]
    public async Task An_undecided_request_whose_hold_never_came_is_stored_as_failed_before_a_hold_can_come()
    {
        var site = await new TestSite(cluster).Open();
        site.Fault = write => write.Hold is not null ? WriteFault.Hang : WriteFault.None;
        var admission = await cluster.WhileTimePasses(site.Place(), TimeSpan.FromSeconds(10));
        Assert.Equal(AdmissionKind.Undecided, admission.Kind);
        await cluster.WhileTimePasses(site.End());
        Assert.DoesNotContain(WriteOutcome.Committed, site.Ledger.CommitLate(site.Site));
        site.Fault = null;
        Assert.Equal(AdmissionKind.Refused, (await site.Place()).Kind);
        Assert.Empty(site.Legs.OrdersOf(site.Id));
    }

    [Fact]
    public async Task A_hold_whose_answer_was_lost_is_found_and_the_call_goes_on()
    {
        var site = await new TestSite(cluster).Open();
        var lost = 0;
        site.Fault = write =>
            write.Hold is not null && lost++ == 0 ? WriteFault.LoseAnswer : WriteFault.None;
        await site.RingMember();
        site.Fault = null;
        site.A.End(LegEnd.Refused, 486);
        Assert.Equal(CallOutcome.MemberBusy, (await site.End()).Outcome);
        Assert.Equal(1, site.Ledger.Commits.Count(commit => commit.Callback == site.Id && commit.What == "hold"));
    }

    [Fact]
    public async Task While_the_database_is_away_a_request_is_undecided_and_its_repeat_gets_what_became_of_it()
    {
        var site = await new TestSite(cluster).Open();
        await site.Wallet.Balance();
        site.Fault = _ => WriteFault.Reject;
        Assert.Equal(AdmissionKind.Undecided, (await cluster.WhileTimePasses(site.Place(), TimeSpan.FromSeconds(10))).Kind);
        site.Fault = null;
        await cluster.WhileTimePasses(site.End());
        Assert.Equal(AdmissionKind.Refused, (await site.Place()).Kind);
        Assert.Empty(site.Legs.OrdersOf(site.Id));
    }
}
