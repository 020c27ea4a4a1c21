using OrleansCallback.Calls;
using OrleansCallback.Rates;
using OrleansCallback.Wallets;

namespace OrleansCallback.Tests.Calls;

public sealed class CallFlowTests
{
    static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly OrleansCallback.Trunks.TrunkOffer Offer = new("silo", "h:1", "t:1", "d", "c", 10, 0);
    static readonly CallState Fresh = new() { Site = "site", Callback = "cb", Secret = "secret" };

    [Fact]
    public void An_answer_that_nobody_asked_for_throws() =>
        Assert.Throws<InvalidOperationException>(() => CallFlow.Decide(Fresh, new CallInput.Written(new(WriteOutcome.Committed)), Now));

    [Fact]
    public void A_cancel_before_the_call_has_begun_changes_nothing_and_is_counted()
    {
        var decision = CallFlow.Decide(Fresh, new CallInput.Cancel(), Now);
        Assert.True(decision.Ignored);
        Assert.Equal(CallPhase.New, decision.State.Phase);
        Assert.Empty(decision.Effects);
    }

    static RateCard Card => new(Now, [new("a", "deck@1", "+", Rate.Flat(new(1)))], [new("b", "deck@1", "+", Rate.Flat(new(1)))]);

    [Fact]
    public void A_hold_that_comes_after_the_answer_undecided_is_released_and_rings_nobody()
    {
        var state = Fresh;
        var effects = new List<CallEffect>();
        Take(new CallInput.Place(
            new("site", "alice", "key", "bakery", PhoneNumber.FromE164("+493012345678")),
            new("bakery", "Bakery", "", PhoneNumber.FromE164("+493087654321"), Payer.Member), ["a"], ["b"], Card, new()));
        Take(new CallInput.OwnerFound(CallLeg.A, "a", Offer));
        Take(new CallInput.OwnerFound(CallLeg.B, "b", Offer));
        Take(new CallInput.AdmissionOver());
        Take(new CallInput.HoldAnswered(new(WalletResult.Done, TimeSpan.FromSeconds(90), new(180))));
        Assert.DoesNotContain(effects, effect => effect is CallEffect.Dial);
        var settle = Assert.IsType<CallEffect.Write>(effects[^1]).What;
        Assert.Equal((CallWriteKind.Settle, CallStatus.Failed), (settle.Kind, settle.Snapshot.Status));
        var settlement = CallCharges.Settle(settle.Snapshot);
        Assert.Equal(("hold-cb", Money.Zero, new Money(180)), (settlement.HoldId, settlement.Captured, settlement.Cdr.Held));

        void Take(CallInput input)
        {
            var decision = CallFlow.Decide(state, input, Now);
            state = decision.State;
            effects.AddRange(decision.Effects);
        }
    }

    [Fact]
    public void The_stored_state_has_no_telephone_number_and_reads_back()
    {
        var world = new CallWorld(7);
        world.Run();
        var json = CallStateJson.Write(world.State);
        Assert.DoesNotContain("+49", json, StringComparison.Ordinal);
        Assert.DoesNotContain("3012345678", json, StringComparison.Ordinal);
        Assert.Equal(json, CallStateJson.Write(CallStateJson.Read(json)));
    }

    [Theory]
    [InlineData(486, CallOutcome.MemberBusy, CallOutcome.MerchantBusy)]
    [InlineData(600, CallOutcome.MemberBusy, CallOutcome.MerchantBusy)]
    [InlineData(603, CallOutcome.MemberDeclined, CallOutcome.MerchantDeclined)]
    [InlineData(403, CallOutcome.MemberDeclined, CallOutcome.MerchantDeclined)]
    [InlineData(480, CallOutcome.MemberNoAnswer, CallOutcome.MerchantNoAnswer)]
    [InlineData(408, CallOutcome.MemberNoAnswer, CallOutcome.MerchantNoAnswer)]
    [InlineData(487, CallOutcome.MemberNoAnswer, CallOutcome.MerchantNoAnswer)]
    [InlineData(404, CallOutcome.MemberUnreachable, CallOutcome.MerchantUnreachable)]
    [InlineData(410, CallOutcome.MemberUnreachable, CallOutcome.MerchantUnreachable)]
    [InlineData(416, CallOutcome.MemberUnreachable, CallOutcome.MerchantUnreachable)]
    [InlineData(484, CallOutcome.MemberUnreachable, CallOutcome.MerchantUnreachable)]
    [InlineData(485, CallOutcome.MemberUnreachable, CallOutcome.MerchantUnreachable)]
    [InlineData(604, CallOutcome.MemberUnreachable, CallOutcome.MerchantUnreachable)]
    [InlineData(302, CallOutcome.MemberUnreachable, CallOutcome.MerchantUnreachable)]
    [InlineData(401, CallOutcome.TrunkUnavailable, CallOutcome.TrunkUnavailable)]
    [InlineData(407, CallOutcome.TrunkUnavailable, CallOutcome.TrunkUnavailable)]
    [InlineData(500, CallOutcome.TrunkUnavailable, CallOutcome.TrunkUnavailable)]
    [InlineData(503, CallOutcome.TrunkUnavailable, CallOutcome.TrunkUnavailable)]
    public void A_final_response_has_one_meaning(int sipCode, CallOutcome member, CallOutcome merchant)
    {
        var ended = new LegEnded(1, Now, LegEnd.Refused, sipCode, 17, null, 0, 0);
        Assert.Equal(member, LegOutcomes.BeforeBridge(CallLeg.A, ended).Outcome);
        var (outcome, reason) = LegOutcomes.BeforeBridge(CallLeg.B, ended);
        Assert.Equal((merchant, sipCode, 17), (outcome, reason.SipCode, reason.Q850));
    }

    [Fact]
    public void Every_final_response_means_something()
    {
        for (var code = 300; code < 700; code++)
        {
            foreach (var leg in new[] { CallLeg.A, CallLeg.B })
                LegOutcomes.BeforeBridge(leg, new(1, Now, LegEnd.Refused, code, null, null, 0, 0));
        }
    }

    [Fact]
    public void The_same_attempt_is_composed_the_same_and_that_of_another_secret_shares_nothing_with_it()
    {
        LegAttempt Compose(int attempt, string secret = "secret") => LegAttempts.Compose(new()
        {
            Site = "site", Callback = "cb", Secret = secret, Leg = CallLeg.A, Attempt = attempt, Trunk = "carrier",
            Offer = new("silo", "10.0.0.1:5060", "192.0.2.1:5060", "d.example", "+4930", 1, 0), MemberNumber = PhoneNumber.FromE164("+493012345678"),
            MemberProven = false, MerchantNumber = PhoneNumber.FromE164("+493087654321"), RingLimit = TimeSpan.FromSeconds(45),
        });

        Assert.Equal(Compose(1), Compose(1));
        Assert.NotEqual(Compose(1).CallId, Compose(2).CallId);
        Assert.NotEqual(Compose(1).From, Compose(2).From);
        var (one, other) = (Compose(1), Compose(1, "another"));
        Assert.Equal(one.Key, other.Key);
        Assert.All([(one.CallId, other.CallId), (one.From, other.From), (one.Contact, other.Contact), (one.Secret, other.Secret)], pair => Assert.NotEqual(pair.Item1, pair.Item2));
        Assert.Equal("sip:+493012345678@d.example", Compose(1).RequestUri);
    }
}
