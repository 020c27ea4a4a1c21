using Orleans.Core.Internal;
using OrleansCallback.Terminals;

namespace OrleansCallback.Tests;

/// <summary>A terminal's grain: whose flows it believes, and for how long.</summary>
public sealed class TerminalTests(CallCluster cluster)
{
    static readonly TerminalSecrets First = new("member/alice", "1", "1"), Second = new("member/alice", "2", "2"), Bobs = new("member/bob", "3", "3");
    static int accounts;

    readonly string account = $"phone-{Interlocked.Increment(ref accounts)}";

    ITerminalGrain Terminal => cluster.Grains.GetGrain<ITerminalGrain>(GrainKeys.Terminal("terminals", account));

    TerminalFlow Flow => new(
        cluster.Silo, "127.0.0.1:5060", "sip:a@10.0.0.7", "10.0.0.7:5060;flow=0", 1, cluster.Time.GetUtcNow(), cluster.Time.GetUtcNow().AddMinutes(2), FlowReach.Address);

    Task<bool> Announce(TerminalSecrets provenBy) => Terminal.Announce(cluster.Silo, "127.0.0.1:5060", provenBy, [Flow]);

    [Fact]
    public async Task Another_password_ends_all_flows_and_whoever_proved_the_old_one_is_not_believed()
    {
        Assert.True(await Terminal.Make(First));
        Assert.True(await Announce(First));
        Assert.Single(await Terminal.Flows());
        Assert.True(await Terminal.Make(Second));
        Assert.Empty(await Terminal.Flows());
        Assert.False(await Announce(First));
        Assert.Empty(await Terminal.Flows());
        Assert.True(await Announce(Second));
        Assert.Equal(Second, (await Terminal.Record())!.Secrets);
    }

    [Fact]
    public async Task An_account_that_another_owner_takes_rings_nobody_of_the_first()
    {
        Assert.True(await Terminal.Make(First));
        Assert.True(await Announce(First));
        Assert.False(await Terminal.Make(Bobs));
        await Terminal.Remove();
        Assert.Null(await Terminal.Record());
        Assert.False(await Announce(First));
        Assert.True(await Terminal.Make(Bobs));
        Assert.Empty(await Terminal.Flows());
        await Deactivate();
        Assert.Empty(await Terminal.Flows());
    }

    [Fact]
    public async Task Flows_outlive_the_grain_and_end_in_their_time()
    {
        Assert.True(await Terminal.Make(First));
        Assert.True(await Announce(First));
        var flow = Assert.Single(await Terminal.Flows());
        await Deactivate();
        Assert.Equal(flow, Assert.Single(await Terminal.Flows()));
        cluster.Time.Advance(TimeSpan.FromSeconds(121));
        Assert.Empty(await Terminal.Flows());
    }

    [Fact]
    public async Task A_flow_that_cannot_be_stored_rings_all_the_same_and_is_stored_with_the_next()
    {
        Assert.True(await Terminal.Make(First));
        cluster.Storage.Refuses = state => state == "terminal-flows";
        try
        {
            Assert.True(await Announce(First));
            Assert.Single(await Terminal.Flows());
        }
        finally
        {
            cluster.Storage.Refuses = _ => false;
        }

        Assert.True(await Announce(First));
        await Deactivate();
        Assert.Single(await Terminal.Flows());
    }

    /// <summary>The next call finds a new activation.</summary>
    async Task Deactivate() => await Terminal.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
}
