namespace OrleansCallback.Tests.Web.Embedded;

/// <summary>The embedded default started twice on one folder.</summary>
public sealed class RestartTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logins_wallets_and_ended_calls_outlive_the_process()
    {
        var folder = Directory.CreateTempSubdirectory("callback-test-");
        try
        {
            string id, token;
            await using (var first = new EmbeddedServer(folder.FullName))
            {
                await first.InitializeAsync();
                using var http = await first.LogInAsync("alice");
                token = http.DefaultRequestHeaders.Authorization!.Parameter!;
                id = (await http.PlaceAsync(new { merchant = "bakery", number = "+493023125201" }, "before").ExpectAsync(202)).Text("id");
                await http.FollowAsync(id);
            }

            await using var second = new EmbeddedServer(folder.FullName);
            using var again = second.CreateClient();
            again.DefaultRequestHeaders.Authorization = new("Bearer", token);
            Assert.Equal("member_busy", (await again.GetAsync($"/v1/callbacks/{id}", Cancellation).ExpectAsync(200)).Text("outcome"));
            Assert.Equal(id, (await again.PlaceAsync(new { merchant = "bakery", number = "+493023125201" }, "before").ExpectAsync(202)).Text("id"));
            Assert.Equal(0, second.Rung("+493023125201"));
            var wallet = await again.GetAsync("/v1/wallets/me", Cancellation).ExpectAsync(200);
            Assert.Equal(5_000_000, wallet.GetProperty("available").GetProperty("micros").GetInt64());
            Assert.Equal(0, wallet.GetProperty("held").GetProperty("micros").GetInt64());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
