using OrleansCallback.Calls;

namespace OrleansCallback.Tests.Calls;

public sealed class FailoverTests
{
    [Theory]
    [InlineData(LegEnd.Refused, 503, null, false, true)]
    [InlineData(LegEnd.Refused, 500, null, false, true)]
    [InlineData(LegEnd.Refused, 502, 41, false, true)]
    [InlineData(LegEnd.Refused, 480, 34, false, true)]
    [InlineData(LegEnd.Refused, 407, null, false, true)]
    [InlineData(LegEnd.TrunkFailed, null, null, false, true)]
    [InlineData(LegEnd.NoCapacity, null, null, false, true)]
    [InlineData(LegEnd.Refused, 503, null, true, false)]
    [InlineData(LegEnd.TrunkFailed, null, null, true, false)]
    [InlineData(LegEnd.Refused, 500, 17, false, false)]
    [InlineData(LegEnd.Refused, 480, null, false, false)]
    [InlineData(LegEnd.Refused, 480, 19, false, false)]
    [InlineData(LegEnd.Refused, 486, null, false, false)]
    [InlineData(LegEnd.Refused, 486, 34, false, false)]
    [InlineData(LegEnd.Refused, 600, null, false, false)]
    [InlineData(LegEnd.Refused, 603, null, false, false)]
    [InlineData(LegEnd.Refused, 404, null, false, false)]
    [InlineData(LegEnd.Refused, 484, null, false, false)]
    [InlineData(LegEnd.Refused, 604, null, false, false)]
    [InlineData(LegEnd.NoMedia, 488, 88, false, false)]
    [InlineData(LegEnd.Refused, 408, null, false, true)]
    [InlineData(LegEnd.Refused, 408, 18, false, false)]
    [InlineData(LegEnd.Refused, 408, null, true, false)]
    [InlineData(LegEnd.NoAnswer, null, null, false, false)]
    [InlineData(LegEnd.HungUp, null, null, false, false)]
    public void Another_trunk_is_tried_after_a_fault_of_the_trunk_alone(LegEnd end, int? code, int? q850, bool rang, bool another) =>
        Assert.Equal(another, LegOutcomes.IsFaultOfTrunk(new(1, default, end, code, q850, null, 0, 0, rang)));

    [Theory]
    [InlineData(CallLeg.A, CallOutcome.MemberUnreachable)]
    [InlineData(CallLeg.B, CallOutcome.MerchantUnreachable)]
    public void Audio_that_cannot_be_used_counts_as_the_refusal_that_it_should_have_been(CallLeg leg, CallOutcome expected)
    {
        var refused = LegOutcomes.BeforeBridge(leg, new(1, default, LegEnd.Refused, 488, 88, null, 0, 0, false));
        Assert.Equal((expected, new EndReason(488, 88, EndParty.Carrier)), refused);
        Assert.Equal(refused, LegOutcomes.BeforeBridge(leg, new(1, default, LegEnd.NoMedia, 488, 88, null, 0, 0, false)));
    }
}
