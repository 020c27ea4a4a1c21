using System.Net;

namespace OrleansCallback.Tests.Web.Embedded;

/// <summary>Callbacks through HTTP, grains, ledger, SIP and RTP.</summary>
[Collection(EmbeddedServer.Shared)]
public sealed class CallbackApiTests(EmbeddedServer server)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_goes_through_all_its_states_and_is_charged_once()
    {
        using var http = await server.LogInAsync("alice");
        using var placed = await http.PlaceAsync(new { merchant = "florist", number = "0171 3920010" });
        var body = await placed.JsonAsync();
        Assert.Equal(HttpStatusCode.Accepted, placed.StatusCode);
        Assert.Equal($"/v1/callbacks/{body.Text("id")}", placed.Headers.Location?.ToString());
        Assert.Equal("+491713920010", body.Text("number"));

        var hangUp = Task.CompletedTask;
        var steps = await http.FollowAsync(body.Text("id"), step => hangUp = step.Text("status") == "bridged"
            ? http.DeleteAsync($"/v1/callbacks/{body.Text("id")}", Cancellation) : hangUp);
        await hangUp;
        Assert.Equal(
            ["calling_member", "member_answered", "calling_merchant", "bridged", "completed"],
            steps.Select(step => step.Text("status")).Where(status => status != "authorizing").Distinct());
        Assert.Equal("bridged", steps[^1].Text("outcome"));
        Assert.Equal("member", steps[^1].GetProperty("end_reason").Text("party"));

        using var finance = await server.LogInAsync("admin");
        var cdr = await finance.GetAsync($"/v1/finance/callbacks/{body.Text("id")}/cdr", Cancellation).ExpectAsync(200);
        Assert.Equal("merchant/florist", cdr.Text("wallet"));
        var charge = steps[^1].GetProperty("charge").GetProperty("micros").GetInt64();
        Assert.True(charge > 0);
        Assert.Equal(charge, cdr.GetProperty("charge").GetProperty("micros").GetInt64());
        var entries = (await finance.GetAsync("/v1/finance/wallets/merchant/florist/entries", Cancellation).ExpectAsync(200)).GetProperty("entries");
        var entry = Assert.Single(entries.EnumerateArray(), line => line.GetProperty("callback").GetString() == body.Text("id"));
        Assert.Equal(-charge, entry.GetProperty("amount").GetProperty("micros").GetInt64());
    }

    [Fact]
    public async Task A_repeat_gets_the_same_callback_and_rings_once()
    {
        using var http = await server.LogInAsync("alice");
        const string number = "+493023125101";
        var first = await http.PlaceAsync(new { merchant = "plumber", number }, "same").ExpectAsync(202);
        var second = await http.PlaceAsync(new { merchant = "plumber", number = "030 23125101" }, "same").ExpectAsync(202);
        Assert.Equal(first.Text("id"), second.Text("id"));
        await http.PlaceAsync(new { merchant = "florist", number }, "same").ExpectAsync(422, "idempotency_key_reused");
        await EndAsync(http, first.Text("id"));
        var after = await http.PlaceAsync(new { merchant = "plumber", number }, "same").ExpectAsync(202);
        Assert.Equal("canceled", after.Text("status"));
        Assert.Equal("canceled_by_member", after.Text("outcome"));
        Assert.Equal(1, server.Rung(number));
    }

    [Fact]
    public async Task A_member_without_credit_is_refused_before_anything_rings()
    {
        using var http = await server.LogInAsync("bob");
        const string number = "+493023125011";
        var refused = await http.PlaceAsync(new { merchant = "bakery", number }, "poor").ExpectAsync(402, "insufficient_funds");
        var again = await http.PlaceAsync(new { merchant = "bakery", number }, "poor").ExpectAsync(402, "insufficient_funds");
        Assert.Equal(refused.Text("callback"), again.Text("callback"));
        var known = await http.GetAsync($"/v1/callbacks/{refused.Text("callback")}", Cancellation).ExpectAsync(200);
        Assert.Equal("failed", known.Text("status"));
        Assert.Equal(0, server.Rung(number));
    }

    [Fact]
    public async Task A_number_that_is_left_out_is_the_stored_one()
    {
        using var http = await server.LogInAsync("alice");
        var placed = await http.PlaceAsync(new { merchant = "bakery" }).ExpectAsync(202);
        Assert.Equal("+491713920020", placed.Text("number"));
        await EndAsync(http, placed.Text("id"));
    }

    [Theory]
    [InlineData("florist", "+493023125201", "failed", "member_busy")]
    [InlineData("florist", "+493023125301", "failed", "member_declined")]
    [InlineData("florist", "+493023125401", "failed", "member_unreachable")]
    [InlineData("surgery", "+493023125002", "failed", "merchant_busy")]
    public async Task A_call_that_comes_to_nothing_says_why_and_costs_nothing_more(string merchant, string number, string status, string outcome)
    {
        using var http = await server.LogInAsync("alice");
        var placed = await http.PlaceAsync(new { merchant, number }).ExpectAsync(202);
        var steps = await http.FollowAsync(placed.Text("id"));
        Assert.Equal(status, steps[^1].Text("status"));
        Assert.Equal(outcome, steps[^1].Text("outcome"));
        Assert.Equal(Enumerable.Range(1, steps.Count), steps.Select(step => step.GetProperty("number").GetInt32()));
    }

    [Fact]
    public async Task A_merchant_that_is_not_listed_is_unknown()
    {
        using var http = await server.LogInAsync("alice");
        await http.PlaceAsync(new { merchant = "nobody" }).ExpectAsync(404, "unknown_merchant");
    }

    [Fact]
    public async Task Another_members_callback_is_unknown()
    {
        using var alice = await server.LogInAsync("alice");
        using var bob = await server.LogInAsync("bob");
        var placed = await alice.PlaceAsync(new { merchant = "bakery", number = "+493023125102" }).ExpectAsync(202);
        var path = $"/v1/callbacks/{placed.Text("id")}";
        await bob.GetAsync(path, Cancellation).ExpectAsync(404, "unknown_callback");
        await bob.DeleteAsync(path, Cancellation).ExpectAsync(404, "unknown_callback");
        await bob.GetAsync($"{path}/events", Cancellation).ExpectAsync(404, "unknown_callback");
        await EndAsync(alice, placed.Text("id"));
    }

    [Fact]
    public async Task A_call_that_was_never_placed_is_unknown()
    {
        using var http = await server.LogInAsync("alice");
        await http.GetAsync("/v1/callbacks/cb000000000000000000000000", Cancellation).ExpectAsync(404, "unknown_callback");
        await http.GetAsync("/v1/callbacks/..%2f..%2fx", Cancellation).ExpectAsync(404, "unknown_callback");
    }

    static async Task EndAsync(HttpClient http, string id)
    {
        await http.DeleteAsync($"/v1/callbacks/{id}", Cancellation).ExpectAsync(202);
        var steps = await http.FollowAsync(id);
        Assert.Equal("canceled", steps[^1].Text("status"));
        await http.DeleteAsync($"/v1/callbacks/{id}", Cancellation).ExpectAsync(202);
    }
}
