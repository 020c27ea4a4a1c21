using OrleansCallback.Calls;
using OrleansCallback.Merchants;

namespace OrleansCallback.Tests;

/// <summary>What the legs are told, and what a call makes of their pressing 1 or not.</summary>
public sealed class PromptTests(CallCluster cluster)
{
    static readonly Confirmation Asked = new(TimeSpan.FromSeconds(7), 1);
    static readonly MerchantPrompts MemberConfirms = new(MemberConfirms: Asked);
    static readonly MerchantPrompts MerchantConfirms = new(MerchantConfirms: Asked, Whisper: true);
    static readonly MerchantPrompts Whispers = new(Whisper: true);

    Task<TestSite> Site(MerchantPrompts? prompts, string? language = null) => new TestSite(cluster).Open(prompts: prompts, language: language);

    [Fact]
    public async Task The_member_is_asked_to_wait_and_nobody_waits_for_the_end_of_that()
    {
        var site = await Site(null);
        var told = await site.HoldMember();
        Assert.Equal((Clips.Wait, false, (Confirmation?)null), (told.Clips, told.Said!.IsAwaited, told.Said.Confirmation));
        await site.Legs.Ordered(site.Id, CallLeg.B, "dial");
        await site.Session.Cancel();
        await site.End();
    }

    [Fact]
    public async Task The_merchant_is_not_rung_before_the_member_has_pressed_1()
    {
        var site = await Site(MemberConfirms);
        var told = await site.HoldMember();
        Assert.Equal((Clips.PressToCall, true, Asked), (told.Clips, told.Said!.IsAwaited, told.Said.Confirmation));
        // The answer to the ACK has been taken once the member's next news has: nothing rings B on it.
        site.A.RunLow(TimeSpan.FromSeconds(15));
        await site.Legs.Ordered(site.Id, CallLeg.A, "extend");
        Assert.Empty(OrdersOf(site, CallLeg.B));
        Assert.Equal(CallStatus.MemberAnswered, (await site.Session.Get())!.Status);

        site.A.Announced(AnnouncementEnd.Confirmed);
        await site.Legs.Ordered(site.Id, CallLeg.B, "dial");
        site.B.Answer();
        await site.Event(CallStatus.Bridged);
        site.B.End(LegEnd.RemoteHungUp);
        Assert.Equal(CallOutcome.Bridged, (await site.End()).Outcome);
        Assert.Equal(
            [CallStatus.Authorizing, CallStatus.CallingMember, CallStatus.MemberAnswered, CallStatus.CallingMerchant, CallStatus.Bridged, CallStatus.Completed],
            site.Ledger.EventsOf(site.Site, site.Id).Select(step => step.Status));
    }

    [Fact]
    public async Task A_member_who_does_not_confirm_pays_for_the_own_leg_and_the_merchant_is_never_rung()
    {
        var site = await Site(MemberConfirms);
        await site.HoldMember();
        site.A.Talk = TimeSpan.FromSeconds(16.5);
        site.A.Announced(AnnouncementEnd.NotConfirmed);
        var end = await site.End();
        Assert.Equal((CallStatus.Failed, CallOutcome.MemberNotConfirmed, EndParty.Member), (end.Status, end.Outcome, end.EndReason!.Party));
        Assert.Equal(new Money(17 * 10_000), end.Charge);
        Assert.Empty(OrdersOf(site, CallLeg.B));
        Assert.Equal("", OrdersOf(site, CallLeg.A).Last(order => order.What == "hangup").Clips);
    }

    [Fact]
    public async Task The_legs_are_not_joined_before_the_merchant_has_pressed_1_and_the_member_goes_on_waiting()
    {
        var site = await Site(MerchantConfirms);
        var told = await site.AnswerMerchant();
        Assert.Equal(($"{Clips.Whisper} {Clips.PressToTake}", true, Asked), (told.Clips, told.Said!.IsAwaited, told.Said.Confirmation));
        site.B.RunLow(TimeSpan.FromSeconds(15));
        await site.Legs.Ordered(site.Id, CallLeg.B, "extend");
        Assert.DoesNotContain(site.Legs.OrdersOf(site.Id), order => order.What == "bridge");
        Assert.Equal(CallStatus.CallingMerchant, (await site.Session.Get())!.Status);

        site.B.Announced(AnnouncementEnd.Confirmed);
        await site.Event(CallStatus.Bridged);
        site.A.End(LegEnd.RemoteHungUp);
        Assert.Equal(CallOutcome.Bridged, (await site.End()).Outcome);
    }

    [Fact]
    public async Task A_machine_at_the_merchant_s_is_never_joined_and_both_answered_legs_are_paid()
    {
        var site = await Site(MerchantConfirms);
        await site.AnswerMerchant();
        (site.A.Talk, site.B.Talk) = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20));
        site.B.Announced(AnnouncementEnd.NotConfirmed);
        var end = await site.End();
        Assert.Equal((CallStatus.Failed, CallOutcome.MerchantNotConfirmed, EndParty.Merchant), (end.Status, end.Outcome, end.EndReason!.Party));
        Assert.Equal(new Money(50 * 10_000), end.Charge);
        Assert.DoesNotContain(site.Legs.OrdersOf(site.Id), order => order.What == "bridge");
        Assert.Equal(Clips.Refusal, OrdersOf(site, CallLeg.A).Last(order => order.What == "hangup").Clips);
        Assert.Equal("", OrdersOf(site, CallLeg.B).Last(order => order.What == "hangup").Clips);
    }

    [Fact]
    public async Task A_merchant_is_told_whose_call_it_is_and_then_joined()
    {
        var site = await Site(Whispers);
        var told = await site.AnswerMerchant();
        Assert.Equal((Clips.Whisper, true, (Confirmation?)null), (told.Clips, told.Said!.IsAwaited, told.Said.Confirmation));
        site.B.Announced(AnnouncementEnd.Said);
        await site.Event(CallStatus.Bridged);
        site.A.End(LegEnd.RemoteHungUp);
        await site.End();
    }

    [Fact]
    public async Task The_member_s_number_is_told_where_it_is_shown()
    {
        var site = await new TestSite(cluster).Open(member: "+493012345678", merchant: "+41711234567", prompts: Whispers);
        await site.ShowMember("+493012345678", proven: true);
        Assert.Equal($"{Clips.WhisperNumber} 4 9 3 0 1 2 3 4 5 6 7 8", (await site.AnswerMerchant()).Clips);
        await site.Session.Cancel();
        await site.End();
    }

    [Theory]
    [InlineData(LegEnd.Refused, 486, CallOutcome.MerchantBusy)]
    [InlineData(LegEnd.NoAnswer, null, CallOutcome.MerchantNoAnswer)]
    [InlineData(LegEnd.Refused, 404, CallOutcome.MerchantUnreachable)]
    [InlineData(LegEnd.RemoteHungUp, null, CallOutcome.MerchantDeclined)]
    public async Task A_member_whose_merchant_cannot_be_had_is_told_so(LegEnd end, int? code, CallOutcome outcome)
    {
        var site = await (await Site(null)).RingMerchant();
        site.B.End(end, code);
        Assert.Equal(outcome, (await site.End()).Outcome);
        Assert.Equal(Clips.Refusal, OrdersOf(site, CallLeg.A).Last(order => order.What == "hangup").Clips);
    }

    [Fact]
    public async Task A_member_who_cancels_is_hung_up_at_once()
    {
        var site = await (await Site(null)).RingMerchant();
        await site.Session.Cancel();
        await site.End();
        Assert.Equal("", OrdersOf(site, CallLeg.A).Last(order => order.What == "hangup").Clips);
    }

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("zh", null, "zh", null)]
    [InlineData(null, "de", "de", "de")]
    [InlineData("zh", "de", "zh", "de")]
    public async Task The_member_is_spoken_to_in_the_language_of_the_order_and_the_merchant_in_its_own(
        string? ordered, string? merchant, string? member, string? heard)
    {
        var site = await Site(Whispers with { Language = merchant }, ordered);
        Assert.Equal(heard, (await site.AnswerMerchant()).Said!.Language);
        Assert.Equal(member, OrdersOf(site, CallLeg.A).Single(order => order.What == "ack+hold").Said!.Language);
        await site.Session.Cancel();
        await site.End();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_that_is_lost_while_the_member_is_asked_goes_on_with_what_the_member_does(bool confirmed)
    {
        var site = await Site(MemberConfirms);
        await site.HoldMember();
        await site.Deactivate();
        site.A.Announced(confirmed ? AnnouncementEnd.Confirmed : AnnouncementEnd.NotConfirmed);
        if (confirmed)
        {
            await site.Legs.Ordered(site.Id, CallLeg.B, "dial");
            site.B.Answer();
            await site.Event(CallStatus.Bridged);
            site.A.End(LegEnd.RemoteHungUp);
        }

        Assert.Equal(confirmed ? CallOutcome.Bridged : CallOutcome.MemberNotConfirmed, (await site.End()).Outcome);
        Assert.True(OrdersOf(site, CallLeg.A).Count(order => order is { What: "ack+hold", Clips: Clips.PressToCall }) >= 2);
    }

    [Fact]
    public async Task A_session_that_is_lost_after_the_member_has_pressed_1_rings_the_merchant_and_asks_no_more()
    {
        var site = await Site(MemberConfirms);
        await site.HoldMember();
        site.A.Announced(AnnouncementEnd.Confirmed);
        await site.Legs.Ordered(site.Id, CallLeg.B, "dial");
        await site.Deactivate();
        site.B.Answer();
        await site.Event(CallStatus.Bridged);
        site.A.End(LegEnd.RemoteHungUp);
        Assert.Equal(CallOutcome.Bridged, (await site.End()).Outcome);
        Assert.Single(OrdersOf(site, CallLeg.B).Where(order => order.What == "dial").Select(order => order.Leg).Distinct());
    }

    [Theory]
    [InlineData(AnnouncementEnd.Confirmed, CallOutcome.Bridged)]
    [InlineData(AnnouncementEnd.NotConfirmed, CallOutcome.MerchantNotConfirmed)]
    public async Task A_session_that_is_lost_while_the_merchant_is_asked_goes_on_with_what_the_merchant_does(AnnouncementEnd end, CallOutcome outcome)
    {
        var site = await Site(MerchantConfirms);
        await site.AnswerMerchant();
        await site.Deactivate();
        site.B.Announced(end);
        if (outcome == CallOutcome.Bridged)
        {
            await site.Event(CallStatus.Bridged);
            site.A.End(LegEnd.RemoteHungUp);
        }

        Assert.Equal(outcome, (await site.End()).Outcome);
    }

    [Fact]
    public async Task A_member_who_hangs_up_instead_of_pressing_1_has_hung_up_and_a_merchant_has_declined()
    {
        var site = await Site(MemberConfirms);
        await site.HoldMember();
        site.A.End(LegEnd.RemoteHungUp);
        Assert.Equal(CallOutcome.MemberHungUp, (await site.End()).Outcome);

        var other = await Site(MerchantConfirms);
        await other.AnswerMerchant();
        other.B.End(LegEnd.RemoteHungUp);
        Assert.Equal(CallOutcome.MerchantDeclined, (await other.End()).Outcome);
    }

    [Fact]
    public async Task A_grant_that_ends_while_somebody_is_asked_ends_the_call()
    {
        var site = await Site(MerchantConfirms);
        await site.AnswerMerchant();
        site.A.End(LegEnd.GrantEnded);
        var end = await site.End();
        Assert.Equal((CallOutcome.CreditExhausted, true), (end.Outcome, site.B.Over));
    }

    [Fact]
    public async Task The_member_alone_is_to_be_told_before_the_grant_ends_and_after_more_was_asked_for()
    {
        var site = await (await Site(null, "zh")).Talk();
        var warning = site.A.Grant!.Warning!;
        Assert.Equal((Clips.LowCredit, "zh", TimeSpan.FromSeconds(15)), (warning.What.Clips.Single(), warning.What.Language, warning.WhenLeft));
        Assert.True(warning.WhenLeft < site.A.Grant.RenewWhenLeft);
        Assert.Null(site.B.Grant!.Warning);
        site.A.End(LegEnd.RemoteHungUp);
        await site.End();
    }

    [Theory]
    [InlineData(30, 6.67)]
    [InlineData(6, null)]
    public async Task A_short_grant_is_told_so_late_that_more_was_asked_for_or_not_at_all(int seconds, double? whenLeft)
    {
        var site = await (await new TestSite(cluster).Open(seconds * TestSite.PerSecond)).Talk();
        Assert.Equal(whenLeft, site.A.Grant!.Warning is { } warning ? Math.Round(warning.WhenLeft.TotalSeconds, 2) : null);
        site.A.End(LegEnd.RemoteHungUp);
        await site.End();
    }

    static IEnumerable<LegOrder> OrdersOf(TestSite site, CallLeg leg) =>
        site.Legs.OrdersOf(site.Id).Where(order => order.Leg.Contains($"/{leg}/", StringComparison.Ordinal));
}
