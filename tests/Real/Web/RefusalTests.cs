using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrleansCallback.Calls;
using OrleansCallback.Tests.Web.StandIn;

namespace OrleansCallback.Tests.Web;

/// <summary>What the API says when it says no; the cluster is a stand-in, HTTP is real.</summary>
public sealed class RefusalTests(StandInServer server) : IClassFixture<StandInServer>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_undecided_admission_is_503_with_a_time_to_try_again()
    {
        var answer = await PlaceAsync(_ => new(AdmissionKind.Undecided, null));
        await AssertProblemAsync(answer, 503, "undecided");
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_cluster_that_cannot_be_reached_leaves_the_callback_undecided()
    {
        server.Cluster.Down = new TimeoutException();
        try
        {
            await AssertProblemAsync(await PlaceAsync(_ => throw new InvalidOperationException()), 503, "undecided");
            using var http = server.CreateClient();
            await AssertProblemAsync(await http.GetAsync("/v1/merchants", Cancellation), 503, "unavailable");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/readyz", Cancellation)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/livez", Cancellation)).StatusCode);
        }
        finally
        {
            server.Cluster.Down = null;
        }
    }

    [Theory]
    [InlineData(CallOutcome.InsufficientFunds, 402)]
    [InlineData(CallOutcome.AlreadyActive, 409)]
    [InlineData(CallOutcome.CanceledByMember, 409)]
    [InlineData(CallOutcome.NoRate, 422)]
    [InlineData(CallOutcome.DestinationBlocked, 422)]
    [InlineData(CallOutcome.OutsideHours, 422)]
    [InlineData(CallOutcome.TrunkUnavailable, 503)]
    [InlineData(CallOutcome.NoCapacity, 503)]
    [InlineData(CallOutcome.Internal, 503)]
    public async Task A_refused_admission_has_its_outcome_as_code(CallOutcome outcome, int status)
    {
        var answer = await PlaceAsync(request => new(AdmissionKind.Refused, View(request, CallStatus.Failed, outcome)));
        var problem = await AssertProblemAsync(answer, status, WireName.Of(outcome));
        Assert.Equal(server.Cluster.Placed[^1].CallbackId, problem.GetProperty("callback").GetString());
    }

    [Fact]
    public async Task A_key_used_with_another_body_is_422() =>
        await AssertProblemAsync(await PlaceAsync(_ => new(AdmissionKind.KeyReused, null)), 422, "idempotency_key_reused");

    [Fact]
    public async Task A_merchant_that_the_cluster_does_not_know_is_404() =>
        await AssertProblemAsync(await PlaceAsync(_ => new(AdmissionKind.UnknownMerchant, null)), 404, "unknown_merchant");

    [Fact]
    public async Task An_admitted_callback_is_202_at_its_own_address()
    {
        var answer = await PlaceAsync(request => new(AdmissionKind.Admitted, View(request, CallStatus.CallingMember, null)));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal($"/v1/callbacks/{body.GetProperty("id").GetString()}", answer.Headers.Location?.ToString());
        Assert.Equal("calling_member", body.GetProperty("status").GetString());
        Assert.Equal("+493023125001", body.GetProperty("number").GetString());
    }

    [Fact]
    public async Task A_slowed_account_is_429_with_a_time_to_try_again()
    {
        using var http = server.CreateClient();
        var answer = await http.PostAsJsonAsync("/v1/sessions", new { account = "slowed", password = "x" }, Cancellation);
        await AssertProblemAsync(answer, 429, "too_many_failures");
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Too_many_logins_from_one_address_are_429_whatever_the_account()
    {
        await using var strict = new StandInServer { LoginsPerMinute = 2 };
        using var http = strict.CreateClient();
        foreach (var account in new[] { "one", "two" })
            await AssertProblemAsync(await http.PostAsJsonAsync("/v1/sessions", new { account, password = "x" }, Cancellation), 401, "wrong_credentials");
        var answer = await http.PostAsJsonAsync("/v1/sessions", new { account = "three", password = "x" }, Cancellation);
        await AssertProblemAsync(answer, 429, "too_many_logins");
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", null, null, 404, "not_found")]
    [InlineData("GET", "/nothing.html", null, null, 404, "not_found")]
    [InlineData("PATCH", "/v1/sessions", null, null, 405, "method_not_allowed")]
    [InlineData("POST", "/v1/sessions", "text/plain", "hello", 415, "unsupported_media_type")]
    [InlineData("POST", "/v1/sessions", "application/json", "{", 400, "malformed_request")]
    [InlineData("POST", "/v1/sessions", "application/json", "", 400, "malformed_request")]
    [InlineData("POST", "/v1/sessions", "application/json", "null", 400, "malformed_request")]
    [InlineData("POST", "/v1/sessions", "application/json", "{\"account\":7,\"password\":\"x\"}", 400, "malformed_request")]
    [InlineData("POST", "/v1/sessions", "application/json", "{\"account\":\"alice\",\"pasword\":\"x\"}", 400, "malformed_request")]
    [InlineData("POST", "/v1/sessions", "application/json", "{}", 401, "wrong_credentials")]
    [InlineData("POST", "/v1/sessions", "application/json", "{\"account\":\"../x\",\"password\":\"x\"}", 401, "wrong_credentials")]
    [InlineData("GET", "/v1/sessions/current", null, null, 401, "not_logged_in")]
    [InlineData("POST", "/v1/callbacks", "application/json", "{\"merchant\":\"bakery\"}", 401, "not_logged_in")]
    [InlineData("GET", "/v1/merchants/none", null, null, 404, "unknown_merchant")]
    [InlineData("GET", "/v1/merchants/%2e%2e%2fx", null, null, 404, "unknown_merchant")]
    public async Task Every_error_is_a_problem_with_a_code(string method, string path, string? type, string? body, int status, string code)
    {
        using var http = server.CreateClient();
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (type is not null)
            request.Content = new StringContent(body!, Encoding.UTF8, type);
        await AssertProblemAsync(await http.SendAsync(request, Cancellation), status, code);
    }

    [Fact]
    public async Task A_body_of_more_than_64_kB_is_413()
    {
        using var http = server.CreateClient();
        var answer = await http.PostAsJsonAsync("/v1/sessions", new { account = "alice", password = new string('x', 70_000) }, Cancellation);
        await AssertProblemAsync(answer, 413, "body_too_large");
    }

    [Theory]
    [InlineData("/v1/finance/wallets/member/alice")]
    [InlineData("/v1/finance/callbacks/cb1/cdr")]
    [InlineData("/v1/operator/callbacks/cb1")]
    public async Task A_member_may_not_read_what_finance_and_operators_read(string path)
    {
        using var http = await server.LogInAsync();
        await AssertProblemAsync(await http.GetAsync(path, Cancellation), 403, "forbidden");
    }

    [Theory]
    [InlineData(null, "idempotency_key_required")]
    [InlineData("", "idempotency_key_invalid")]
    [InlineData("tab\there", "idempotency_key_invalid")]
    public async Task A_callback_needs_a_usable_key(string? key, string code)
    {
        using var http = await server.LogInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/callbacks") { Content = JsonContent.Create(new { merchant = "bakery" }) };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        await AssertProblemAsync(await http.SendAsync(request, Cancellation), 400, code);
    }

    [Theory]
    [InlineData("12")]
    [InlineData("")]
    [InlineData("call me maybe")]
    [InlineData("+49 30 23125 001 ext. 7")]
    public async Task A_number_that_cannot_be_rung_is_422_with_a_sentence(string number)
    {
        var before = server.Cluster.Placed.Count;
        var answer = await PlaceAsync(_ => throw new InvalidOperationException("asked"), new { merchant = "bakery", number });
        var problem = await AssertProblemAsync(answer, 422, "invalid_number");
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.Equal(before, server.Cluster.Placed.Count);
    }

    [Theory]
    [InlineData("030 23125-007", "+493023125007")]
    [InlineData("+44 20 7946 0123", "+442079460123")]
    [InlineData("0044 (0)20 7946 0123", "+442079460123")]
    public async Task A_number_may_be_written_in_any_notation(string typed, string e164)
    {
        await PlaceAsync(_ => new(AdmissionKind.Undecided, null), new { merchant = "bakery", number = typed });
        Assert.Equal(e164, server.Cluster.Placed[^1].MemberNumber.E164);
    }

    async Task<HttpResponseMessage> PlaceAsync(Func<CallbackRequest, Admission> answer, object? body = null)
    {
        using var http = await server.LogInAsync();
        server.Cluster.OnPlace = answer;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/callbacks") { Content = JsonContent.Create(body ?? new { merchant = "bakery" }) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        return await http.SendAsync(request, Cancellation);
    }

    static CallbackView View(CallbackRequest request, CallStatus status, CallOutcome? outcome) => new()
    {
        Id = request.CallbackId,
        Caller = request.Caller,
        Merchant = request.Merchant,
        MemberNumber = request.MemberNumber.E164,
        Payer = Payer.Member,
        Status = status,
        Outcome = outcome,
        CreatedAt = DateTimeOffset.UnixEpoch,
        LastEvent = 1,
    };

    static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal($"urn:orleans-callback:problem:{code}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        return problem;
    }
}
