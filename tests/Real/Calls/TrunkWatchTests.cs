using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>What OPTIONS and failed calls do to a trunk, with SIPp as the carrier's border.</summary>
[Collection(TwoTrunksScenarios.Name)]
public sealed class TrunkWatchTests(TwoTrunks two) : IAsyncLifetime
{
    const int Failures = 5;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    static readonly (string?, string?) ByFirst = ("member_busy", CallSite.MemberTrunk), BySecond = ("member_busy", CallSite.IdleTrunk);

    SippPhone spare = null!;

    public async ValueTask InitializeAsync() => spare = await SippPhone.StartAsync(two.Site.IdlePhone, PhoneScript.Fails(486, "Busy Here"));

    public async ValueTask DisposeAsync()
    {
        await two.ChangeAsync(CallSite.MemberTrunk, new { ping_seconds = 0 });
        await spare.DisposeAsync();
    }

    [Fact]
    public async Task A_carrier_that_has_never_answered_OPTIONS_goes_on_taking_calls()
    {
        await using (var failing = await SippPhone.StartAsync(two.Site.MemberPhone, PhoneScript.Border(500, "Failed", options: null)))
        {
            await two.ChangeAsync(CallSite.MemberTrunk, new { ping_seconds = 1 });
            for (var n = 1; n < Failures; n++) Assert.Equal(BySecond, await two.EndAsync());
            // A second question: the silence after the first has been noticed. It would have been the last failure that the trunk bears.
            await Waiting.UntilAsync("OPTIONS to be sent twice", Soon, () => failing.Received("OPTIONS").DistinctBy(ping => ping.CallId).Count() == 2, failing.Describe);
        }

        await using var well = await SippPhone.StartAsync(two.Site.MemberPhone, PhoneScript.Border(486, "Busy Here", options: null));
        Assert.Equal(ByFirst, await two.EndAsync());
    }

    [Fact]
    public async Task Failed_calls_open_the_breaker_and_one_that_is_answered_closes_it()
    {
        await two.ChangeAsync(CallSite.MemberTrunk, new { ping_seconds = 0 });
        await using (var failing = await SippPhone.StartAsync(two.Site.MemberPhone, PhoneScript.Border(500, "Failed", options: null)))
        {
            for (var n = 0; n < Failures; n++) Assert.Equal(BySecond, await two.EndAsync());
            await two.IsAsync(CallSite.MemberTrunk, "down");
        }

        await using var well = await SippPhone.StartAsync(two.Site.MemberPhone, PhoneScript.Border(486, "Busy Here", options: null));
        await Waiting.UntilAsync("a call to find out that it is there again", Soon, async () => await two.EndAsync() == ByFirst, well.Describe);
        await two.IsAsync(CallSite.MemberTrunk, "up");
    }

    [Fact]
    public async Task OPTIONS_that_are_answered_keep_a_trunk_up_and_503_lets_it_rest()
    {
        await using (var well = await SippPhone.StartAsync(two.Site.MemberPhone, PhoneScript.Border(486, "Busy Here", "200 OK")))
        {
            await two.ChangeAsync(CallSite.MemberTrunk, new { ping_seconds = 1 });
            await Waiting.UntilAsync("OPTIONS to be answered twice", Soon, () => well.Messages.Count(m => m is { Received: false, CSeqMethod: "OPTIONS" }) >= 2);
            await two.IsAsync(CallSite.MemberTrunk, "up");
        }

        await using var resting = await SippPhone.StartAsync(
            two.Site.MemberPhone, PhoneScript.Border(486, "Busy Here", "503 Service Unavailable\n                  Retry-After: 600"));
        await two.IsAsync(CallSite.MemberTrunk, "resting");
        Assert.Equal(BySecond, await two.EndAsync());
        Assert.Empty(resting.Received("INVITE"));
    }
}
