using System.Net;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>Two silos that own all trunks, as is the default: together they have as many calls on one as it has channels, and not one more or less.</summary>
[Collection(FaultScenarios.Name)]
public sealed class SharedTrunkTests(PostgresServer server)
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    /// <summary>One member clicks for all calls, and no call is given up for a machine that is slow.</summary>
    static readonly Dictionary<string, string> Settings = new()
    {
        ["Calls__OneAtATime"] = "false",
        ["Calls__RingLimitA"] = "00:00:30",
        ["Calls__RingLimitB"] = "00:00:30",
        [$"Trunks__{CallSite.MemberTrunk}__MaxChannels"] = "1",
    };

    [Fact]
    public async Task Two_silos_share_a_trunk_of_1_and_of_3_channels_and_one_that_is_killed_leaves_all_to_the_other()
    {
        await using var site = await CallSite.StartAsync(await server.CreateDatabaseAsync(), Settings, [], []);
        await using var members = await SippPhone.StartAsync(site.MemberPhone, PhoneScript.Answers);
        await using var spare = await SippPhone.StartAsync(site.IdlePhone, PhoneScript.Answers);
        await using var merchants = await SippPhone.StartAsync(site.MerchantPhone, PhoneScript.Answers);
        using var clicks = new Clicks(await site.MemberAsync(Scene.Plenty));

        await SharedAsync(site, channels: 1, owners: 2);
        await clicks.ManyAsync(4);
        Assert.Equal((1, 3), await clicks.UpAndFullAsync());
        Assert.Single(members.Received("INVITE").DistinctBy(invite => invite.CallId));

        await ChangeAsync(site, $"/v1/admin/trunks/{CallSite.MemberTrunk}", new { max_channels = 3 });
        await SharedAsync(site, channels: 3, owners: 2);
        await clicks.ManyAsync(5);
        Assert.Equal((3, 6), await clicks.UpAndFullAsync());
        Assert.Equal(3, members.Received("INVITE").DistinctBy(invite => invite.CallId).Count());

        await site.Silos[1].Program.KillAsync();
        await SharedAsync(site, channels: 3, owners: 1);
        var lost = await clicks.LostAsync();
        await clicks.ManyAsync(5);
        Assert.Equal((3, 6 + 5 - lost), await clicks.UpAndFullAsync());

        // With a route that has another trunk, what finds no channel goes there.
        var route = new[] { new { trunk = CallSite.MemberTrunk, priority = 0 }, new { trunk = CallSite.IdleTrunk, priority = 1 } };
        await ChangeAsync(site, "/v1/admin/routes/4930231250", new { trunks = route });
        await Waiting.UntilAsync("the route to be in force", Soon, async () => await Metrics.SumAsync(site.Silos[0].Http, "callback_trunk_version") == 2);
        await clicks.ManyAsync(2);
        Assert.Equal((5, 6 + 5 - lost), await clicks.UpAndFullAsync());
        Assert.Equal(2, spare.Received("INVITE").DistinctBy(invite => invite.CallId).Count());

        await clicks.CancelAsync();
        await site.IsSettledAsync([.. clicks.Callbacks]);
        await SharedAsync(site, channels: 3, owners: 1);
    }

    static async Task ChangeAsync(CallSite site, string address, object body) => Assert.Equal(HttpStatusCode.OK, (await site.Admin.PutAsync(address, body)).Code);

    /// <summary>Waits until so many owners have all channels of the members' trunk among them.</summary>
    static Task SharedAsync(CallSite site, int channels, int owners)
    {
        var told = "";
        return Waiting.UntilAsync(
            $"{owners} owners to have {channels} channels", Soon,
            async () =>
            {
                // While a silo is being lost the answer may be that nobody knows.
                var answer = (await site.Admin.ReadAsync($"/v1/admin/trunks/{CallSite.MemberTrunk}")).Body;
                told = $"{answer}";
                return answer.TryGetProperty("owners", out var list) && list.GetArrayLength() == owners
                    && list.EnumerateArray().Sum(owner => owner.GetProperty("channels").GetInt32()) == channels;
            },
            () => told);
    }
}

/// <summary>All clicks of one member, and what has become of them.</summary>
sealed class Clicks(SiteClient member) : IDisposable
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    static readonly string[] Settled = ["bridged", "completed", "failed", "canceled"];

    readonly List<string> callbacks = [];

    public IReadOnlyList<string> Callbacks => callbacks;

    /// <summary>Clicks so often at once.</summary>
    public async Task ManyAsync(int count)
    {
        var placed = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => member.PlaceAsync("member-pays")));
        Assert.All(placed, answer => Assert.True(answer.Code == HttpStatusCode.Accepted, $"{answer.Code} {answer.Body}"));
        callbacks.AddRange(placed.Select(answer => answer.Id));
    }

    /// <summary>How many are up, and how many found no channel, once that is certain.</summary>
    public async Task<(int Up, int Full)> UpAndFullAsync()
    {
        var all = await AllAsync();
        return (all.Count(callback => callback.Status == "bridged"), all.Count(callback => callback.Outcome == "no_capacity"));
    }

    /// <summary>How many ended with their silo.</summary>
    public async Task<int> LostAsync()
    {
        IReadOnlyList<Answer> all = [];
        await Waiting.UntilAsync("calls of the killed silo to end", Soon, async () => (all = await AllAsync()).Count(c => c.Status == "bridged") < 3,
            () => string.Join('\n', all.Select(c => c.Body)));
        return 3 - all.Count(callback => callback.Status == "bridged");
    }

    /// <summary>Hangs up what is up.</summary>
    public async Task CancelAsync()
    {
        foreach (var callback in callbacks) await member.CancelAsync(callback);
        foreach (var callback in callbacks) await member.EndsAsync(callback, Soon);
    }

    public void Dispose() => member.Dispose();

    async Task<IReadOnlyList<Answer>> AllAsync()
    {
        var all = new List<Answer>();
        foreach (var callback in callbacks)
            all.Add(await Waiting.ForAsync($"callback {callback} to be up or over", Soon, async () =>
                await member.GetAsync(callback) is { } now && Settled.Contains(now.Status) ? now : null));
        return all;
    }
}
