using System.Net;
using OrleansCallback.Tests.Processes;
using OrleansCallback.Tests.Sipp;

namespace OrleansCallback.Tests.Calls;

/// <summary>PostgreSQL goes away while a call is up.</summary>
[Collection(FaultScenarios.Name)]
public sealed class LostDatabaseTests
{
    static readonly TimeSpan Slice = TimeSpan.FromSeconds(4);
    static readonly Dictionary<string, string> ShortSlices = new() { ["Calls__Slice"] = "00:00:04" };

    [Fact]
    public async Task The_call_ends_with_its_grant_new_ones_get_503_and_the_books_agree_afterwards()
    {
        var server = new PostgresServer();
        await using var ended = server;
        await server.InitializeAsync();
        await using var site = await CallSite.StartAsync(await server.CreateDatabaseAsync(), ShortSlices);
        await using var scene = await Scene.StartAsync(site, PhoneScript.Answers, PhoneScript.Answers);
        await scene.PlaceAsync();
        await scene.BridgedAsync();

        await server.KillAsync();
        var killed = DateTime.UtcNow;
        var refused = await scene.Client.PlaceAsync("member-pays");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Code);
        await IsUnavailableAsync(() => site.Admin.PutMerchantAsync("member-pays", CallSite.MerchantNumber, "merchant"));
        await IsUnavailableAsync(() => site.Admin.PutMerchantAsync("member-pays", CallSite.MerchantNumber, "merchant")); // its grain has dropped its memory
        await scene.Member.ReceivesAsync("BYE", Slice * 3);
        await scene.Merchant.ReceivesAsync("BYE", Slice * 3);
        Assert.InRange(DateTime.UtcNow - killed, TimeSpan.Zero, Slice + TimeSpan.FromSeconds(2));

        await server.StartAsync();
        await scene.EndsAsync("completed", "bridged", TimeSpan.FromSeconds(30));
        Assert.Single(scene.Member.Received("INVITE"));
    }

    static async Task IsUnavailableAsync(Func<Task> put) =>
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Assert.ThrowsAsync<HttpRequestException>(put)).StatusCode);
}
