using CsCheck;
using OrleansCallback.Calls;

namespace OrleansCallback.Tests.Calls;

/// <summary>What holds for every call, whatever comes in whatever order.</summary>
public sealed class CallFlowPropertyTests
{
    [Fact]
    public void Every_call_ends_with_one_terminal_event_a_resolved_hold_and_no_leg_left() =>
        Gen.Int.Sample(seed =>
        {
            var world = new CallWorld(seed);
            world.Run();
            Assert.Single(world.Ledger.Events, step => step.Outcome is not null);
            Assert.NotNull(world.Ledger.Events[^1].Outcome);
            Assert.False(world.Ledger.HoldPending);
            Assert.InRange(world.Ledger.Resolved, 0, 1);
            Assert.All(world.Legs, leg => Assert.True(!leg.Ringing || leg.Over || leg.ToldToHangUp));
            Assert.Equal(CallPhase.Ended, world.Ledger.StoredState!.Phase);
        }, iter: 5_000);

    [Fact]
    public void Calls_of_all_ends_are_among_them()
    {
        var (outcomes, confirmed) = (new HashSet<CallOutcome>(), new HashSet<bool>());
        for (var seed = 0; seed < 3_000; seed++)
        {
            var world = new CallWorld(seed);
            world.Run();
            outcomes.Add(world.Ledger.Events[^1].Outcome!.Value);
            if (world.State.BridgedAt is not null) confirmed.Add(world.Legs.Any(leg => leg.Announced == AnnouncementEnd.Confirmed));
        }

        CallOutcome[] expected =
        [
            CallOutcome.Bridged, CallOutcome.MemberNotConfirmed, CallOutcome.MerchantNotConfirmed, CallOutcome.MemberHungUp, CallOutcome.MerchantDeclined,
            CallOutcome.SiloLost, CallOutcome.CanceledByMember,
        ];
        Assert.Empty(expected.Except(outcomes));
        Assert.Equal(2, confirmed.Count);
    }

    [Fact]
    public void The_same_seed_gives_the_same_call() =>
        Gen.Int.Sample(seed =>
        {
            var (one, other) = (new CallWorld(seed), new CallWorld(seed));
            one.Run();
            other.Run();
            Assert.Equal(one.Ledger.Events, other.Ledger.Events);
        }, iter: 100);
}
