using System.Net;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class SourceLatchTests
{
    static readonly MediaEndpoint Described = At("203.0.113.5:4000");
    static readonly TimeSpan Now = TimeSpan.FromSeconds(100);

    [Fact]
    public void Nobody_is_heard_before_there_is_an_SDP() => Assert.False(new SourceLatch([Net("0.0.0.0/0")]).Accept(Described, Now));

    [Theory]
    [InlineData("203.0.113.5:4000", true)]
    [InlineData("203.0.113.5:4002", true)]
    [InlineData("198.51.100.7:9", true)]
    [InlineData("203.0.113.6:4000", false)]
    [InlineData("198.51.101.7:9", false)]
    [InlineData("[2001:db8::1]:4000", false)]
    public void The_first_source_must_have_the_address_of_the_SDP_or_lie_in_the_networks_of_the_trunk(string source, bool heard)
    {
        var latch = Latch();
        Assert.Equal(heard, latch.Accept(At(source), Now));
        Assert.Equal(heard ? At(source) : Described, latch.Target);
    }

    [Fact]
    public void After_the_first_source_nobody_else_is_heard_not_even_the_address_of_the_SDP()
    {
        var latch = Latch();
        Assert.True(latch.Accept(At("198.51.100.7:9"), Now));
        Assert.False(latch.Accept(Described, Now));
        Assert.False(latch.Accept(At("198.51.100.7:10"), Now));
        Assert.True(latch.Accept(At("198.51.100.7:9"), Now));
    }

    [Fact]
    public void A_new_SDP_opens_the_latch_once_more()
    {
        var latch = Latch();
        latch.Accept(Described, Now);
        latch.Reset(At("203.0.113.9:6000"), Now);
        Assert.False(latch.Accept(Described, Now));
        Assert.True(latch.Accept(At("203.0.113.9:6000"), Now));
    }

    [Fact]
    public void What_still_comes_from_the_source_before_a_new_address_does_not_take_the_latch()
    {
        var latch = Latch();
        latch.Accept(At("203.0.113.5:4002"), Now);
        latch.Reset(At("203.0.113.5:6000"), Now);
        Assert.False(latch.Accept(At("203.0.113.5:4002"), Now + SourceLatch.Farewell - TimeSpan.FromMilliseconds(1)));
        Assert.True(latch.Accept(At("203.0.113.5:6000"), Now + SourceLatch.Farewell));
    }

    [Fact]
    public void A_party_that_only_describes_itself_anew_is_heard_again_after_the_farewell()
    {
        var latch = Latch();
        latch.Accept(At("198.51.100.7:9"), Now);
        latch.Reset(At("198.51.100.7:11"), Now);
        Assert.True(latch.Accept(At("198.51.100.7:9"), Now + SourceLatch.Farewell));
    }

    [Fact]
    public void The_same_SDP_once_more_takes_the_same_source_at_once()
    {
        var latch = Latch();
        latch.Accept(At("198.51.100.7:9"), Now);
        latch.Reset(Described, Now);
        Assert.True(latch.Accept(At("198.51.100.7:9"), Now));
    }

    [Fact]
    public void A_latch_that_has_forgotten_believes_nobody()
    {
        var latch = Latch();
        latch.Accept(Described, Now);
        latch.Forget();
        Assert.False(latch.Accept(Described, Now));
        Assert.Null(latch.Target);
    }

    [Theory]
    [InlineData("0.0.0.0:4000")]
    [InlineData("[::]:4000")]
    [InlineData("203.0.113.9:0")]
    public void An_SDP_that_takes_nothing_says_nothing_of_where_its_party_is_heard_from(string nowhere)
    {
        var latch = Latch();
        latch.Accept(Described, Now);
        latch.Reset(At(nowhere), Now);
        Assert.False(latch.Accept(At("203.0.113.6:4000"), Now));
        Assert.True(latch.Accept(At("203.0.113.5:4002"), Now));
        latch = new SourceLatch([Net("192.0.2.0/24")]);
        latch.Reset(At(nowhere), Now);
        Assert.False(latch.Accept(Described, Now));
        Assert.True(latch.Accept(At("192.0.2.7:1"), Now));
    }

    [Theory]
    [InlineData("2001:db8::/32", "[2001:db8:1::9]:5", true)]
    [InlineData("2001:db8::/32", "[2001:db9::9]:5", false)]
    [InlineData("0.0.0.0/0", "1.2.3.4:5", true)]
    [InlineData("0.0.0.0/0", "[2001:db8::1]:5", false)]
    [InlineData("10.1.2.3/32", "10.1.2.3:5", true)]
    public void Networks_are_of_either_family(string network, string source, bool contained) =>
        Assert.Equal(contained, Net(network).Contains(At(source)));

    static SourceLatch Latch()
    {
        var latch = new SourceLatch([Net("192.0.2.0/24"), Net("198.51.100.0/24")]);
        latch.Reset(Described, Now);
        return latch;
    }

    static MediaEndpoint At(string endpoint) => MediaEndpoint.From(IPEndPoint.Parse(endpoint));

    static MediaNetwork Net(string network) => new(IPNetwork.Parse(network));
}
