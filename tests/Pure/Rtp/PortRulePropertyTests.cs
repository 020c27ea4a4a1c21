using CsCheck;

namespace OrleansCallback.Tests.Rtp;

public sealed class PortRulePropertyTests
{
    [Fact]
    public void Whatever_comes_in_whatever_order_a_leg_hears_its_own_party_alone() => Gen.Int.Sample(seed =>
    {
        var world = new PortWorld(seed);
        world.Run();
        Assert.Empty(world.Crossed);
    }, iter: 1000);

    [Fact]
    public void The_world_of_that_test_has_what_it_is_about_in_it()
    {
        var worlds = Enumerable.Range(1, 40).Select(seed => new PortWorld(seed)).ToList();
        worlds.ForEach(world => world.Run());
        Assert.InRange(worlds.Sum(world => world.Heard), 5_000, int.MaxValue);
        Assert.InRange(worlds.Sum(world => world.Moved), 20, int.MaxValue);
        Assert.InRange(worlds.Sum(world => world.Quarantined), 500, int.MaxValue);
    }
}
