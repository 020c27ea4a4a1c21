using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class SharingTests
{
    static readonly TimeSpan Now = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_trunk_earns_shared_ports_by_addresses_that_differ()
    {
        var record = new SharingRecord();
        for (var i = 0; i < SharingRecord.Needed; i++)
        {
            Assert.False(record.MayShare(Now));
            record.Answered(isShared: false, others: 1, Now);
        }

        Assert.True(record.MayShare(Now));
    }

    [Fact]
    public void One_call_after_the_other_proves_nothing()
    {
        var record = new SharingRecord();
        for (var i = 0; i < 100; i++) record.Answered(isShared: false, others: 0, Now);
        Assert.False(record.MayShare(Now));
    }

    [Fact]
    public void An_address_that_comes_twice_costs_the_trust_for_a_while_and_it_has_to_be_earned_again()
    {
        var record = new SharingRecord();
        Earn(record, Now);
        record.Answered(isShared: true, others: 5, Now);
        Earn(record, Now);
        Assert.False(record.MayShare(Now + SharingRecord.Distrust - TimeSpan.FromTicks(1)));
        Assert.True(record.MayShare(Now + SharingRecord.Distrust));
    }

    [Fact]
    public void So_many_packets_a_second_and_no_more_are_let_through()
    {
        var rate = new PacketRate();
        for (var second = 0; second < 3; second++)
        {
            var at = Now + TimeSpan.FromSeconds(second);
            Assert.Equal(50, Enumerable.Range(0, 1000).Count(_ => rate.Allows(50, at)));
        }
    }

    static void Earn(SharingRecord record, TimeSpan now)
    {
        for (var i = 0; i < SharingRecord.Needed; i++) record.Answered(isShared: false, others: 1, now);
    }
}
