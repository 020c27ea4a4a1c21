using System.Net;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>Callbacks that end before the bridge.</summary>
[Collection(OneSiloScenarios.Name)]
public sealed class EarlyEndTests(OneSilo silo)
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(486, "Busy Here", "member_busy")]
    [InlineData(603, "Decline", "member_declined")]
    [InlineData(404, "Not Found", "member_unreachable")]
    [InlineData(480, "Temporarily Unavailable", "member_no_answer")]
    [InlineData(503, "Service Unavailable", "trunk_unavailable")]
    public async Task A_member_that_cannot_be_had_ends_the_callback_and_the_merchant_is_not_rung(int code, string reason, string outcome)
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Refuses(code, reason), PhoneScript.Answers);
        await scene.PlaceAsync();
        await scene.EndsAsync("failed", outcome);
        Assert.Empty(scene.Merchant.Messages);
    }

    [Theory]
    [InlineData(486, "Busy Here", "merchant_busy")]
    [InlineData(603, "Decline", "merchant_declined")]
    [InlineData(404, "Not Found", "merchant_unreachable")]
    public async Task A_merchant_that_cannot_be_had_ends_the_callback_and_the_member_is_hung_up_on(int code, string reason, string outcome)
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.Refuses(code, reason));
        await scene.PlaceAsync();
        await scene.EndsAsync("failed", outcome);
        Assert.Single(scene.Member.Received("BYE"));
    }

    [Fact]
    public async Task A_merchant_that_does_not_answer_is_canceled_after_the_ring_limit()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.NeverAnswers);
        await scene.PlaceAsync();
        await scene.EndsAsync("failed", "merchant_no_answer");
        Assert.StartsWith("Q.850;cause=19", Assert.Single(scene.Merchant.Received("CANCEL")).Header("Reason"), StringComparison.Ordinal);
        Assert.StartsWith("Q.850;cause=16", Assert.Single(scene.Member.Received("BYE")).Header("Reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_while_the_member_is_rung_cancels_leg_A()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.NeverAnswers, PhoneScript.Answers);
        await scene.PlaceAsync();
        await scene.Member.SeesAsync("180", Soon, m => m.Code == 180);
        await scene.CancelAsync();
        await scene.EndsAsync("canceled", "canceled_by_member");
        Assert.Single(scene.Member.Received("CANCEL"));
        Assert.Empty(scene.Merchant.Messages);
    }

    [Fact]
    public async Task Cancel_while_the_merchant_is_rung_cancels_leg_B_and_hangs_up_leg_A()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.Answers, PhoneScript.NeverAnswers);
        await scene.PlaceAsync();
        await scene.Merchant.SeesAsync("180", Soon, m => m.Code == 180);
        await scene.CancelAsync();
        await scene.EndsAsync("canceled", "canceled_by_member");
        Assert.Single(scene.Merchant.Received("CANCEL"));
        Assert.Single(scene.Member.Received("BYE"));
    }

    [Fact]
    public async Task A_member_that_hangs_up_on_hold_ends_the_callback()
    {
        await using var scene = await Scene.StartAsync(
            silo.Site, PhoneScript.Answers with { Talk = TimeSpan.FromMilliseconds(500) }, PhoneScript.NeverAnswers);
        await scene.PlaceAsync();
        await scene.EndsAsync("failed", "member_hung_up");
        Assert.Single(scene.Merchant.Received("CANCEL"));
    }

    [Fact]
    public async Task A_cancel_that_crosses_the_answer_gets_ACK_and_BYE()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.CrossesCancel, PhoneScript.Answers);
        await scene.PlaceAsync();
        await scene.Member.SeesAsync("180", Soon, m => m.Code == 180);
        await scene.CancelAsync();
        await scene.EndsAsync("canceled", "canceled_by_member");
        Assert.Equal(["CANCEL", "ACK", "BYE"], scene.Member.Messages.Where(m => m.Received && m.Method != "INVITE").Select(m => m.Method));
        Assert.Empty(scene.Merchant.Messages);
    }

    [Fact]
    public async Task A_payer_without_credit_is_refused_and_no_INVITE_is_sent()
    {
        await using var scene = await Scene.StartAsync(silo.Site, PhoneScript.NeverAnswers, PhoneScript.Answers, credit: 0);
        var refused = await scene.Client.PlaceAsync("member-pays");
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.Code);
        Assert.Contains("insufficient_funds", refused.Body.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await silo.Site.Books.PendingHoldsAsync());

        // The silo sends in the order of its commands: an INVITE of the refused call would come before that of the next one.
        var number = CallSite.MemberNumber(88);
        using var payer = await silo.Site.MemberAsync(Scene.Plenty);
        var next = (await payer.PlaceAsync("member-pays", number: number)).Id;
        Assert.Contains(number, (await scene.Member.ReceivesAsync("INVITE", Soon)).StartLine, StringComparison.Ordinal);
        await payer.CancelAsync(next);
        await payer.EndsAsync(next);
        Assert.Single(scene.Member.Received("INVITE"));
        Assert.Empty(scene.Merchant.Messages);
        await silo.Site.IsSettledAsync(next);
    }
}
