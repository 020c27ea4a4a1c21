using System.Net;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

/// <summary>Who is meant by a packet on a port that several legs share.</summary>
public sealed class PortRuleTests
{
    static readonly TimeSpan Now = TimeSpan.FromMinutes(10);
    static readonly QuarantineTimes Quarantine = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5));
    static readonly MediaNetwork Carrier = new(IPNetwork.Parse("192.0.2.0/24"));

    readonly PortRule<string> rule = new(20_000, new PortClaims<string>(), Quarantine, mostLegs: 8);

    [Fact]
    public void Known_sources_are_told_apart()
    {
        Talking("a", "192.0.2.1:4000");
        Talking("b", "192.0.2.1:4002");
        Assert.Equal("a", Find("192.0.2.1:4000"));
        Assert.Equal("b", Find("192.0.2.1:4002"));
        Assert.Equal(PortFinding.Stranger, Finding("192.0.2.1:4004"));
    }

    [Fact]
    public void From_its_offer_until_its_source_is_known_a_leg_is_the_only_unverified_one()
    {
        var seat = rule.Open("a", Latch());
        Assert.False(rule.HasRoom(Now));
        Assert.Equal("a", Find("192.0.2.9:9"));
        rule.Describe(seat, At("192.0.2.1:4000"), Now);
        Assert.False(rule.HasRoom(Now));
        rule.Verify(seat, At("192.0.2.9:9"), 1, Now);
        Assert.True(rule.HasRoom(Now));
        Assert.Equal("a", Find("192.0.2.9:9"));
    }

    [Fact]
    public void A_second_leg_with_the_address_of_a_live_one_must_go()
    {
        Talking("a", "192.0.2.1:4000", ssrc: 1);
        var b = rule.Open("b", Latch());
        Assert.False(rule.Describe(b, At("192.0.2.1:4000"), Now));
        Assert.Equal("a", Find("192.0.2.1:4000", ssrc: 1));
        Assert.Equal(PortFinding.Stranger, Finding("192.0.2.1:4000", ssrc: 2, Now.Add(TimeSpan.FromSeconds(30))));
    }

    [Fact]
    public void Two_parties_at_one_address_that_nobody_has_told_us_of_do_not_mix()
    {
        Talking("a", "192.0.2.1:4000", ssrc: 1);
        var b = rule.Open("b", Latch());
        Assert.Equal(PortFinding.Stranger, Finding("192.0.2.1:4000", ssrc: 2)); // b's party is faster than its answer
        Assert.Equal("a", Find("192.0.2.1:4000", ssrc: 1));
        rule.Close(b, Now);
    }

    [Fact]
    public void A_party_that_stops_one_stream_and_starts_another_is_heard_after_a_pause()
    {
        Talking("a", "192.0.2.1:4000", ssrc: 1);
        Assert.Equal(PortFinding.Stranger, Finding("192.0.2.1:4000", ssrc: 2, Now + PortRule<string>.SsrcPause - TimeSpan.FromTicks(1)));
        Assert.Equal(PortFinding.Leg, Finding("192.0.2.1:4000", ssrc: 2, Now + PortRule<string>.SsrcPause));
    }

    [Fact]
    public void On_a_port_of_its_own_a_leg_may_change_its_SSRC_at_any_time()
    {
        var own = new PortRule<string>(20_000, new PortClaims<string>(), Quarantine, mostLegs: 1);
        var seat = own.Open("a", Latch());
        own.Describe(seat, At("192.0.2.1:4000"), Now);
        own.Verify(seat, At("192.0.2.1:4000"), 1, Now);
        Assert.Equal(PortFinding.Leg, own.Find(At("192.0.2.1:4000"), 2, Now, out _));
        Assert.False(own.HasRoom(Now));
    }

    [Fact]
    public void After_a_lost_BYE_the_old_source_is_nobodys_until_it_has_been_silent_for_a_minute()
    {
        var a = Talking("a", "192.0.2.1:4000");
        rule.Close(a, Now);
        var b = rule.Open("b", Latch());
        for (var second = 1; second <= 300; second += 59)
            Assert.Equal(PortFinding.Ended, Finding("192.0.2.1:4000", 1, Now + TimeSpan.FromSeconds(second)));

        var silent = Now + TimeSpan.FromSeconds(296 + 60);
        rule.Expire(silent - TimeSpan.FromTicks(1));
        Assert.Equal(PortFinding.Ended, Finding("192.0.2.1:4000", 1, silent - TimeSpan.FromTicks(1)));
        rule.Expire(silent + TimeSpan.FromSeconds(61));
        Assert.Equal(PortFinding.Leg, Finding("192.0.2.1:4000", 1, silent + TimeSpan.FromSeconds(61)));
        rule.Close(b, silent);
    }

    [Fact]
    public void A_phone_that_is_called_again_is_heard_but_not_what_still_comes_of_its_old_call()
    {
        var a = Talking("a", "192.0.2.1:4000", ssrc: 1);
        rule.Close(a, Now);
        var b = rule.Open("b", Latch());
        Assert.True(rule.Describe(b, At("192.0.2.1:4000"), Now));
        Assert.Equal(PortFinding.Ended, Finding("192.0.2.1:4000", ssrc: 1));
        Assert.Equal("b", Find("192.0.2.1:4000", ssrc: 2));
        Assert.Equal(PortFinding.Ended, Finding("192.0.2.1:4000", ssrc: 1));
    }

    [Fact]
    public void After_a_leg_that_was_never_answered_the_port_rests_and_audio_that_crossed_the_CANCEL_is_nobodys()
    {
        rule.Close(rule.Open("a", Latch()), Now);
        Assert.False(rule.HasRoom(Now + Quarantine.Unheard - TimeSpan.FromTicks(1)));
        Assert.True(rule.HasRoom(Now + Quarantine.Unheard));
        Assert.Equal(PortFinding.Stranger, Finding("192.0.2.1:4000", 1, Now + TimeSpan.FromSeconds(4))); // and puts it off
        Assert.False(rule.HasRoom(Now + Quarantine.Unheard));
        rule.Expire(Now + TimeSpan.FromSeconds(9));
        Assert.True(rule.IsIdle(Now + TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void A_party_behind_a_translator_that_speaks_after_the_end_for_the_first_time_is_nobodys()
    {
        var latch = Latch();
        var a = rule.Open("a", latch);
        latch.Reset(At("10.0.0.1:4000"), Now);
        rule.Describe(a, At("10.0.0.1:4000"), Now);
        rule.Close(a, Now);
        Assert.Equal(PortFinding.Ended, Finding("192.0.2.77:999", 1, Now + TimeSpan.FromSeconds(50)));
        var later = Now + TimeSpan.FromSeconds(100);
        rule.Expire(later);
        rule.Open("b", Latch());
        Assert.Equal(PortFinding.Ended, Finding("192.0.2.77:999", 1, later));
    }

    [Fact]
    public void While_a_reINVITE_makes_another_leg_unverified_an_unknown_source_is_nobodys()
    {
        var a = Talking("a", "192.0.2.1:4000");
        rule.Open("b", Latch());
        rule.Describe(a, At("192.0.2.1:4008"), Now);
        Assert.Equal(PortFinding.Stranger, Finding("192.0.2.9:9"));
        Assert.Equal("a", Find("192.0.2.1:4008"));
        rule.Verify(a, At("192.0.2.1:4008"), 1, Now);
        Assert.Equal(PortFinding.Stranger, Finding("192.0.2.9:9")); // what is still on its way of a's old address
        Assert.Equal(PortFinding.Leg, Finding("192.0.2.9:9", 1, Now + SourceLatch.Farewell));
    }

    [Fact]
    public void Where_a_party_was_before_its_reINVITE_is_nobodys_unless_it_goes_on_there()
    {
        var a = Talking("a", "192.0.2.1:4000", ssrc: 1);
        rule.Describe(a, At("192.0.2.1:4008"), Now);
        Assert.Equal(PortFinding.Stranger, Finding("192.0.2.1:4000", ssrc: 1));
        var later = Now + SourceLatch.Farewell;
        Assert.Equal(PortFinding.Leg, Finding("192.0.2.1:4000", ssrc: 1, later));
        Assert.Equal(PortFinding.Stranger, Finding("192.0.2.1:4000", ssrc: 2, later));
        rule.Verify(a, At("192.0.2.1:4008"), 1, later);
        Assert.Equal(PortFinding.Stranger, Finding("192.0.2.1:4000", ssrc: 1, later));
    }

    [Fact]
    public void The_address_that_a_party_gave_up_may_be_the_next_ones()
    {
        var a = Talking("a", "192.0.2.1:4000", ssrc: 1);
        rule.Describe(a, At("192.0.2.1:4008"), Now);
        rule.Verify(a, At("192.0.2.1:4008"), 1, Now);
        var b = rule.Open("b", Latch());
        Assert.True(rule.Describe(b, At("192.0.2.1:4000"), Now));
        Assert.Equal("b", Find("192.0.2.1:4000", ssrc: 2));
        Assert.Equal(PortFinding.Ended, Finding("192.0.2.1:4000", ssrc: 1));
    }

    [Fact]
    public void A_port_is_full_at_its_limit()
    {
        for (var leg = 0; leg < 8; leg++) Talking($"{leg}", $"192.0.2.1:{4000 + leg}");
        Assert.False(rule.HasRoom(Now));
        Assert.Equal(8, rule.Legs);
    }

    [Fact]
    public void A_party_without_an_address_claims_none()
    {
        var a = rule.Open("a", Latch());
        Assert.True(rule.Describe(a, At("0.0.0.0:4000"), Now));
        rule.Verify(a, At("192.0.2.1:4000"), 1, Now);
        Assert.True(rule.Describe(rule.Open("b", Latch()), At("0.0.0.0:4000"), Now));
    }

    PortSeat<string> Talking(string leg, string address, uint ssrc = 1)
    {
        var latch = Latch();
        var seat = rule.Open(leg, latch);
        latch.Reset(At(address), Now);
        Assert.True(rule.Describe(seat, At(address), Now));
        rule.Verify(seat, At(address), ssrc, Now);
        return seat;
    }

    string? Find(string source, uint ssrc = 1)
    {
        Assert.Equal(PortFinding.Leg, rule.Find(At(source), ssrc, Now, out var leg));
        return leg;
    }

    PortFinding Finding(string source, uint ssrc = 1, TimeSpan? at = null) => rule.Find(At(source), ssrc, at ?? Now, out _);

    static SourceLatch Latch() => new([Carrier]);

    static MediaEndpoint At(string endpoint) => MediaEndpoint.From(IPEndPoint.Parse(endpoint));
}
