using System.Net;
using OrleansCallback.Load;
using OrleansCallback.Load.Phones;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Calls;

/// <summary>
/// One silo holds the calls, another is killed. Sessions and wallets of the calls are spread over both, so that some of them die with it.
/// The phones of the load instrument say to the frame and the millisecond what their callers noticed.
/// </summary>
[Collection(FaultScenarios.Name)]
public sealed class SurvivorTests(PostgresServer server)
{
    const int Calls = 6;
    const int FramesPerSecond = 50;
    const double HoldSeconds = 9;

    // Milliseconds from the merchant's BYE to the member's: a session that was lost with its silo must have come back by then.
    const double LongestFarewell = 3000;

    // A phone stamps the end after it has sent its BYE: the other's may be stamped first.
    const double StampLag = 100;

    /// <summary>One member clicks for all calls.</summary>
    static readonly Dictionary<string, string> Crowd = new() { ["Calls__OneAtATime"] = "false" };

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Calls_whose_sessions_were_on_a_killed_silo_lose_no_audio_and_end_in_time()
    {
        var database = await server.CreateDatabaseAsync();
        await using var site = await CallSite.StartAsync(database, Crowd, [CallSite.MemberTrunk, CallSite.MerchantTrunk], [CallSite.IdleTrunk]);
        using var phones = PhonesProcess.Start(site.MemberPhone, site.MerchantPhone, ringMs: 200, HoldSeconds);
        using var member = await site.MemberAsync(Scene.Plenty);
        var callbacks = await Task.WhenAll(Enumerable.Range(0, Calls).Select(n => PlaceAsync(member, n)));
        await Waiting.UntilAsync("all phones to hear each other", Soon, () => phones.Records().Count(r => r.Heard > 0) == 2 * Calls);

        await site.Silos[1].Program.KillAsync();

        await Waiting.UntilAsync("all calls to have ended at the phones", Soon + TimeSpan.FromSeconds(HoldSeconds), () => phones.Live() == 0);
        var records = phones.Records();
        Assert.Equal(2 * Calls, records.Count);
        for (var n = 0; n < Calls; n++) IsUnchanged(new PhoneVerdict(records), n, records);
        foreach (var callback in callbacks) Assert.Equal("bridged", (await member.EndsAsync(callback, Soon)).Outcome);
        await site.IsSettledAsync(callbacks);
    }

    [Fact]
    public async Task Calls_being_set_up_while_the_silo_of_their_sessions_is_killed_are_bridged_late_or_ended()
    {
        const int Clicks = 24;
        const double Hold = 5;
        var database = await server.CreateDatabaseAsync();
        await using var site = await CallSite.StartAsync(database, Crowd, [CallSite.MemberTrunk, CallSite.MerchantTrunk], [CallSite.IdleTrunk]);
        using var phones = PhonesProcess.Start(site.MemberPhone, site.MerchantPhone, ringMs: 400, Hold);
        using var member = await site.MemberAsync(Scene.Plenty);
        await PlaceAsync(member, Clicks);

        // Clicks in a row, so that calls of every step are there when the silo dies.
        var clicks = new List<Task<Answer>>();
        for (var n = 0; n < Clicks; n++)
        {
            clicks.Add(member.PlaceAsync("member-pays", number: CallSite.MemberNumber(n)));
            if (n == Clicks / 2)
            {
                await Waiting.UntilAsync("a merchant to be rung", Soon, () => phones.Records().Any(r => !r.IsMember));
                await site.Silos[1].Program.KillAsync();
            }
        }

        var answers = await Task.WhenAll(clicks);
        await Waiting.UntilAsync("all calls to have ended at the phones", Soon + TimeSpan.FromSeconds(Hold), () => phones.Live() == 0);
        foreach (var admitted in answers.Where(a => a.Code == HttpStatusCode.Accepted)) await member.EndsAsync(admitted.Id, Soon);
        await site.IsSettledAsync([.. answers.Where(a => a.Code == HttpStatusCode.Accepted).Select(a => a.Id)]);

        var records = phones.Records();
        Assert.Contains(records, r => r is { IsMember: false, Heard: > 0 });
        foreach (var merchant in records.Where(r => r is { IsMember: false, Acknowledged: not null, Ended: not null }))
            if (PhoneVerdict.Milliseconds(merchant.Acknowledged!.Value, merchant.Ended!.Value) >= Hold * 1000)
                Assert.True(merchant.Heard > 0, $"A merchant was never bridged:\n{merchant}\n{string.Join('\n', records)}");
    }

    // A cluster that has just started may need more than the 2 s that an admission has: 503, nothing rings, and the member clicks again.
    static async Task<string> PlaceAsync(SiteClient member, int n) =>
        (await Waiting.ForAsync($"call {n} to be admitted", Soon, async () =>
            await member.PlaceAsync("member-pays", number: CallSite.MemberNumber(n)) is { Code: HttpStatusCode.Accepted } placed ? placed : null)).Id;

    // Both phones talked to each other for the whole time that the merchant meant to, and lost next to nothing.
    static void IsUnchanged(PhoneVerdict verdict, int n, IReadOnlyList<PhoneRecord> records)
    {
        var both = verdict.Completed(CallSite.MemberNumber(n));
        Assert.True(both is not null, string.Join('\n', records));
        var (member, merchant) = both.Value;
        Assert.InRange(PhoneVerdict.Milliseconds(merchant.Acknowledged!.Value, merchant.Ended!.Value), HoldSeconds * 1000, HoldSeconds * 1000 + 1000);
        Assert.InRange(PhoneVerdict.Milliseconds(merchant.Ended!.Value, member.Ended!.Value), -StampLag, LongestFarewell);
        Assert.True(merchant.Sent >= HoldSeconds * FramesPerSecond * 0.9, $"{merchant}");
        Assert.True(member.Heard >= merchant.Sent * 0.98, $"{member}\n{merchant}");
    }
}
