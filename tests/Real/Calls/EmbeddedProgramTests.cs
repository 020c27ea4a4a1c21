using System.Net;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>The program that holds everything, with SIPp in its sandbox's place.</summary>
[Collection(FaultScenarios.Name)]
public sealed class EmbeddedProgramTests
{
    const string Member = "alice", Password = "callback", Merchant = "bakery";
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_process_that_is_killed_during_a_call_settles_it_once_after_its_restart()
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestFolder.Path, $"embedded-{Guid.NewGuid():N}")).FullName;
        var carrier = FreePorts.Udp("127.0.0.5");
        await using var phones = await SippPhone.StartAsync(carrier, PhoneScript.Answers);
        var books = new EmbeddedBooks(folder);
        string callback;

        await using (var killed = await WebProcess.StartAsync("embedded", Settings(folder, carrier)))
        {
            using var client = await SiteClient.LogInAsync(killed.Http, Member, Password);
            var answer = await client.PlaceAsync(Merchant);
            Assert.Equal(HttpStatusCode.Accepted, answer.Code);
            callback = answer.Id;
            await client.ReachesAsync(callback, "bridged", Soon);
            await killed.Program.KillAsync();
        }

        Assert.Equal(1, await books.CountAsync("select count(*) from hold where state = 'pending'"));
        await using var again = await WebProcess.StartAsync("embedded-again", Settings(folder, carrier));
        await Waiting.UntilAsync("the hold to be resolved", Soon, async () => await books.CountAsync("select count(*) from hold where state = 'pending'") == 0);
        await AssertSettledOnceAsync(books, callback);

        using var same = await SiteClient.LogInAsync(again.Http, Member, Password);
        var end = await same.EndsAsync(callback, Soon);
        Assert.Equal(("completed", "bridged"), (end.Status, end.Outcome));
        Assert.Equal(2, phones.Received("INVITE").Count);
    }

    static async Task AssertSettledOnceAsync(EmbeddedBooks books, string callback)
    {
        Assert.Empty(await books.ViolationsAsync());
        Assert.Equal(1, await books.CountAsync($"select count(*) from cdr where callback = '{callback}'"));
        Assert.InRange(await books.CountAsync($"select count(*) from entry where callback = '{callback}' and account like 'wallet:%'"), 0, 1);
        Assert.Equal(0, await books.CountAsync("select coalesce(sum(held), 0) from wallet"));
    }

    static Dictionary<string, string> Settings(string folder, IPEndPoint carrier)
    {
        var firstPort = FreePorts.UdpRange(32);
        return new()
        {
            ["Data"] = folder,
            ["Trunks__carrier__Address"] = $"{carrier}",
            ["Trunks__carrier__RatePerSecond"] = "500",
            ["Media__FirstPort"] = $"{firstPort}",
            ["Media__LastPort"] = $"{firstPort + 31}",
        };
    }
}
