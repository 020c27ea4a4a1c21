using System.Net;
using OrleansCallback.Sip.Rtp;

namespace OrleansCallback.Tests.Rtp;

public sealed class SourceLatchTests
{
    static readonly MediaEndpoint Described = At("203.0.113.5:4000");

    [Fact]
    public void Nobody_is_heard_before_there_is_an_SDP() => Assert.False(new SourceLatch([Net("0.0.0.0/0")]).Accept(Described));

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
        Assert.Equal(heard, latch.Accept(At(source)));
        Assert.Equal(heard ? At(source) : Described, latch.Target);
    }

    [Fact]
    public void After_the_first_source_nobody_else_is_heard_not_even_the_address_of_the_SDP()
    {
        var latch = Latch();
        Assert.True(latch.Accept(At("198.51.100.7:9")));
        Assert.False(latch.Accept(Described));
        Assert.False(latch.Accept(At("198.51.100.7:10")));
        Assert.True(latch.Accept(At("198.51.100.7:9")));
    }

    [Fact]
    public void A_new_SDP_opens_the_latch_once_more()
    {
        var latch = Latch();
        latch.Accept(Described);
        latch.Reset(At("203.0.113.9:6000"));
        Assert.False(latch.Accept(Described));
        Assert.True(latch.Accept(At("203.0.113.9:6000")));
    }

    [Theory]
    [InlineData("0.0.0.0:4000")]
    [InlineData("[::]:4000")]
    [InlineData("203.0.113.9:0")]
    public void An_SDP_that_takes_nothing_says_nothing_of_where_its_party_is_heard_from(string nowhere)
    {
        var latch = Latch();
        latch.Accept(Described);
        latch.Reset(At(nowhere));
        Assert.False(latch.Accept(At("203.0.113.6:4000")));
        Assert.True(latch.Accept(At("203.0.113.5:4002")));
        latch = new SourceLatch([Net("192.0.2.0/24")]);
        latch.Reset(At(nowhere));
        Assert.False(latch.Accept(Described));
        Assert.True(latch.Accept(At("192.0.2.7:1")));
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
        latch.Reset(Described);
        return latch;
    }

    static MediaEndpoint At(string endpoint) => MediaEndpoint.From(IPEndPoint.Parse(endpoint));

    static MediaNetwork Net(string network) => new(IPNetwork.Parse(network));
}
