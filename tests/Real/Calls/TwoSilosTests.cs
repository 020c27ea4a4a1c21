using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Calls;

/// <summary>Silos of one cluster, as processes of their own: two own a trunk each, two more carry grains alone and end while calls are up.</summary>
[Collection(FaultScenarios.Name)]
public sealed class TwoSilosTests(PostgresServer server)
{
    const int Calls = 6;

    /// <summary>
    /// Slices shorter than by default, so that each call is renewed while the cluster heals. The trunks allow a wider codec, which a call on two
    /// silos does without: a re-INVITE would not be in the phones' script.
    /// </summary>
    static readonly Dictionary<string, string> Settings = new()
    {
        ["Trunks__spare__Address"] = "127.0.0.4:5060",
        ["Trunks__spare__Prefixes__0"] = "+999",
        ["Calls__Slice"] = "00:00:12",
        ["Trunks__members__Codecs"] = "G722,PCMA",
        ["Trunks__merchants__Codecs"] = "G722,PCMA",
    };

    [Fact]
    public async Task Leg_A_leaves_from_one_silo_leg_B_from_another_and_silos_that_end_take_no_call_with_them()
    {
        await using var site = await CallSite.StartAsync(
            await server.CreateDatabaseAsync(), Settings, [CallSite.MemberTrunk], [CallSite.MerchantTrunk], ["spare"], ["spare"]);
        await using var calls = await BridgedCalls.StartAsync(site, Calls);
        await calls.AllHearAsync();
        Assert.Equal(Calls, await Metrics.SumAsync(site.Silos[0].Http, "callback_legs_live"));
        Assert.Equal(Calls, await Metrics.SumAsync(site.Silos[1].Http, "callback_legs_live"));

        var asked = site.Silos[2].Program;
        asked.AskToEnd();
        Assert.Equal(0, await asked.EndedAsync());
        await calls.AllHearAsync();
        await calls.AllAnswerAsync();

        await site.Silos[3].Program.KillAsync();
        await calls.AllHearAsync();
        await calls.AllAnswerAsync();
        await calls.AllHearAsync();
        await calls.AllEndWellAsync();
    }
}
