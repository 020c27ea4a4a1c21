using System.Net;
using System.Net.Http.Json;

namespace OrleansCallback.Tests.Web.Embedded;

/// <summary>Logins, the cookie's protection, roles, and what the server says about itself.</summary>
[Collection(EmbeddedServer.Shared)]
public sealed class SessionApiTests(EmbeddedServer server)
{
    static readonly Uri Current = new("/v1/sessions/current", UriKind.Relative);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bearer_token_and_a_cookie_both_show_the_profile_until_logout()
    {
        using var token = await server.LogInAsync("ALICE");
        using var page = await PageAsync("alice");
        foreach (var http in new[] { token, page })
        {
            var profile = await http.GetAsync(Current, Cancellation).ExpectAsync(200);
            Assert.Equal("+491713920020", profile.Text("number"));
            using var logOut = new HttpRequestMessage(HttpMethod.Delete, Current) { Headers = { { "X-Requested-With", "page" } } };
            using var answer = await http.SendAsync(logOut, Cancellation);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            await http.GetAsync(Current, Cancellation).ExpectAsync(401, "not_logged_in");
        }
    }

    [Fact]
    public async Task A_cookie_that_was_kept_past_the_logout_is_no_longer_taken()
    {
        using var http = server.CreateDefaultClient(server.Address);
        using var answer = await http.PostAsJsonAsync("/v1/sessions", new { account = "alice", password = "callback" }, Cancellation);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        http.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        http.DefaultRequestHeaders.Add("X-Requested-With", "page");
        await http.GetAsync(Current, Cancellation).ExpectAsync(200);
        using var gone = await http.DeleteAsync(Current, Cancellation);
        await http.GetAsync(Current, Cancellation).ExpectAsync(401, "not_logged_in");
    }

    [Theory]
    [InlineData("alice", "wrong")]
    [InlineData("nobody", "callback")]
    public async Task A_wrong_account_and_a_wrong_password_get_the_same_answer(string account, string password)
    {
        using var http = server.CreateClient();
        await http.PostAsJsonAsync("/v1/sessions", new { account, password }, Cancellation).ExpectAsync(401, "wrong_credentials");
    }

    [Fact]
    public async Task Repeated_failures_are_slowed_even_with_the_right_password()
    {
        using var admin = await server.LogInAsync("admin");
        await admin.PutAsJsonAsync("/v1/admin/members/carol", new { name = "Carol", number = "0171 3920030", password = "callback" }, Cancellation).ExpectAsync(200);
        using var http = server.CreateClient();
        var statuses = new List<HttpStatusCode>();
        for (var tries = 0; tries < 20 && !statuses.Contains(HttpStatusCode.TooManyRequests); tries++)
        {
            using var answer = await http.PostAsJsonAsync("/v1/sessions", new { account = "carol", password = "wrong" }, Cancellation);
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, statuses[0]);
        using var slowed = await http.PostAsJsonAsync("/v1/sessions", new { account = "carol", password = "callback" }, Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, slowed.StatusCode);
        Assert.True(slowed.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("cross-site", null, "application/json", 403)]
    [InlineData("same-site", null, "application/json", 403)]
    [InlineData(null, "https://evil.example", "application/json", 403)]
    [InlineData(null, "null", "application/json", 403)]
    [InlineData("same-origin", null, "text/plain", 403)]
    [InlineData("same-origin", null, "application/json", 404)]
    [InlineData(null, null, "application/json", 404)]
    public async Task A_cookie_alone_places_no_call_for_another_site(string? fetchSite, string? origin, string type, int status)
    {
        using var http = await PageAsync("alice");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/callbacks")
        {
            Content = new StringContent("""{"merchant":"nobody"}""", System.Text.Encoding.UTF8, type),
            Headers = { { "Idempotency-Key", "forged" } },
        };
        if (fetchSite is not null)
            request.Headers.Add("Sec-Fetch-Site", fetchSite);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        await http.SendAsync(request, Cancellation).ExpectAsync(status, status == 403 ? "cross_site" : "unknown_merchant");
    }

    [Fact]
    public async Task The_directory_is_public_and_hides_the_numbers()
    {
        using var http = server.CreateClient();
        var directory = await http.GetAsync("/v1/merchants", Cancellation).ExpectAsync(200);
        string[] seeded = ["bakery", "florist", "plumber", "surgery"];
        var merchants = directory.GetProperty("merchants").EnumerateArray().Where(merchant => seeded.Contains(merchant.Text("id"))).ToList();
        Assert.Equal(seeded, merchants.Select(merchant => merchant.Text("id")));
        Assert.Equal(["member", "merchant", "sponsor", "merchant"], merchants.Select(merchant => merchant.Text("payer")));
        Assert.DoesNotContain("23125", directory.ToString(), StringComparison.Ordinal);
        Assert.False(merchants[0].GetProperty("free_for_member").GetBoolean());
    }

    [Fact]
    public async Task A_program_sets_up_a_merchant_a_member_and_a_wallet()
    {
        using var admin = await server.LogInAsync("admin");
        const string number = "030 23125 030";
        Task<HttpResponseMessage> Put(object merchant) => admin.PutAsJsonAsync("/v1/admin/merchants/optician", merchant, Cancellation);
        await Put(new { name = "Optician", number, payer = "sponsor", sponsor = "lens" }).ExpectAsync(200);
        await Put(new { name = "Optician", number = "030", payer = "member" }).ExpectAsync(422, "invalid_number");
        await Put(new { name = "Optician", number, payer = "nobody" }).ExpectAsync(400, "malformed_request");
        await Put(new { name = "Optician", number, payer = "sponsor" }).ExpectAsync(422, "invalid_request");
        await admin.PutAsJsonAsync("/v1/admin/members/dave", new { name = "Dave", number = "0171 3920040" }, Cancellation).ExpectAsync(422, "invalid_request");
        admin.DefaultRequestHeaders.Add("Idempotency-Key", "first");
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var wallet = await admin.PostAsJsonAsync("/v1/finance/wallets/sponsor/lens/top-ups", new { micros = 2_000_000 }, Cancellation).ExpectAsync(200);
            Assert.Equal(2_000_000, wallet.GetProperty("available").GetProperty("micros").GetInt64());
        }

        await admin.PostAsJsonAsync("/v1/finance/wallets/sponsor/lens/top-ups", new { micros = 3_000_000 }, Cancellation).ExpectAsync(422, "idempotency_key_reused");
        await admin.GetAsync("/v1/finance/wallets/sponsor/nobody", Cancellation).ExpectAsync(404, "unknown_wallet");
        using var member = await server.LogInAsync("bob");
        await member.PutAsJsonAsync("/v1/admin/merchants/optician", new { name = "Mine" }, Cancellation).ExpectAsync(403, "forbidden");
        Assert.Equal(0, (await member.GetAsync("/v1/wallets/me", Cancellation).ExpectAsync(200)).GetProperty("available").GetProperty("micros").GetInt64());
    }

    [Fact]
    public async Task The_server_describes_itself_and_its_health()
    {
        using var http = server.CreateClient();
        var api = await http.GetAsync("/openapi/v1.json", Cancellation).ExpectAsync(200);
        var place = api.GetProperty("paths").GetProperty("/v1/callbacks").GetProperty("post");
        Assert.Contains("Idempotency-Key", place.GetProperty("parameters").ToString(), StringComparison.Ordinal);
        foreach (var status in new[] { "202", "400", "401", "402", "404", "409", "422", "503" })
            Assert.True(place.GetProperty("responses").TryGetProperty(status, out _), status);
        Assert.Equal("Healthy", await http.GetStringAsync("/livez", Cancellation));
        Assert.Equal("Healthy", await http.GetStringAsync("/readyz", Cancellation));
        Assert.Contains("http_server_request_duration_seconds", await http.GetStringAsync("/metrics", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_may_run_no_script_but_its_own_and_may_not_be_framed()
    {
        using var http = server.CreateClient();
        using var answer = await http.GetAsync("/", Cancellation);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    async Task<HttpClient> PageAsync(string account)
    {
        var http = server.Browser();
        using var answer = await http.PostAsJsonAsync("/v1/sessions", new { account, password = "callback" }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return http;
    }
}
