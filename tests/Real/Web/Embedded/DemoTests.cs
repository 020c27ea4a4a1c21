using OrleansCallback.Load.Processes;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Web.Embedded;

/// <summary>The demo command as a person runs it: in a process of its own.</summary>
public sealed class DemoTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_demo_shows_one_call_and_ends_well()
    {
        await using var demo = Start("--talk", "1");
        var code = await demo.EndedAsync(Limit);
        Assert.True(code == 0, demo.Output);
        foreach (var line in new[] { "INVITE came", "first packet of hold audio", "bridged", "A heard", "account=revenue", "Everything was as it must be." })
            Assert.Contains(line, demo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_fails_with_the_reason_when_the_call_comes_to_nothing()
    {
        await using var demo = Start("--merchant", "+493023125201");
        Assert.Equal(1, await demo.EndedAsync(Limit));
        Assert.Contains("WRONG: the outcome is merchant_busy", demo.Output, StringComparison.Ordinal);
        Assert.Contains("WRONG: phone A heard 0 packets of phone B", demo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_runs_against_SIPp_in_the_sandboxs_place()
    {
        await using var phones = await SippPhone.StartAsync(FreePorts.Udp("127.0.0.1"), PhoneScript.Answers);
        await using var demo = Start("--carrier", phones.Address.ToString(), "--talk", "1");
        var code = await demo.EndedAsync(Limit);
        Assert.True(code == 0, demo.Output);
        Assert.DoesNotContain("phone A", demo.Output, StringComparison.Ordinal);
        Assert.Equal(2, phones.Received("INVITE").Count);
    }

    static ProgramProcess Start(params string[] options) => ProgramProcess.Start(
        "demo", Repository.Program("web", "OrleansCallback.Web"), TestFolder.Path, new Dictionary<string, string>(), ["demo", .. options]);
}
