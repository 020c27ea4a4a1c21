using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansCallback.Tests.Processes;

namespace OrleansCallback.Tests.Calls;

/// <summary>A program that uses the site's JSON API with one login, over real HTTP.</summary>
public sealed class SiteClient : IDisposable
{
    static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);

    readonly HttpClient http;

    SiteClient(HttpClient http, string account, string password) => (this.http, Account, Password) = (http, account, password);

    /// <summary>Whose login this is.</summary>
    public string Account { get; }

    /// <summary>Its password.</summary>
    public string Password { get; }

    /// <summary>Logs in; throws if refused.</summary>
    public static async Task<SiteClient> LogInAsync(Uri web, string account, string password)
    {
        var http = new HttpClient { BaseAddress = web, Timeout = TimeSpan.FromSeconds(15) };
        using var answer = await http.PostAsJsonAsync("/v1/sessions", new { account, password });
        await EnsureAsync(answer);
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new SiteClient(http, account, password);
    }

    /// <summary>As an administrator: makes or changes an account.</summary>
    public async Task PutMemberAsync(string account, string password, string number) =>
        await EnsureAsync(await http.PutAsJsonAsync($"/v1/admin/members/{account}", new { name = account, number, password }));

    /// <summary>As an administrator: makes or changes a merchant.</summary>
    public async Task PutMerchantAsync(string id, string number, string payer, string? sponsor = null) =>
        await EnsureAsync(await http.PutAsJsonAsync($"/v1/admin/merchants/{id}", new { name = id, description = "", number, payer, sponsor }));

    /// <summary>As an administrator: sends any body to any address.</summary>
    public async Task<Answer> PutAsync(string address, object body) => await Answer.ReadAsync(await http.PutAsJsonAsync(address, body));

    /// <summary>Posts any body to any address.</summary>
    public async Task<Answer> PostAsync(string address, object body) => await Answer.ReadAsync(await http.PostAsJsonAsync(address, body));

    /// <summary>Reads any address.</summary>
    public async Task<Answer> ReadAsync(string address) => await Answer.ReadAsync(await http.GetAsync(address));

    /// <summary>Deletes any address.</summary>
    public async Task<Answer> DeleteAsync(string address) => await Answer.ReadAsync(await http.DeleteAsync(address));

    /// <summary>As finance: pays into a wallet.</summary>
    public async Task TopUpAsync(string wallet, long micros)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/finance/wallets/{wallet}/top-ups") { Content = JsonContent.Create(new { micros }) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        await EnsureAsync(await http.SendAsync(request));
    }

    /// <summary>Asks for a callback.</summary>
    public async Task<Answer> PlaceAsync(string merchant, string? key = null, string? number = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/callbacks") { Content = JsonContent.Create(new { merchant, number }) };
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString("N"));
        return await Answer.ReadAsync(await http.SendAsync(request));
    }

    /// <summary>Where a callback stands.</summary>
    public async Task<Answer> GetAsync(string callback) => await Answer.ReadAsync(await http.GetAsync($"/v1/callbacks/{callback}"));

    /// <summary>Cancels or hangs up.</summary>
    public async Task<Answer> CancelAsync(string callback) => await Answer.ReadAsync(await http.DeleteAsync($"/v1/callbacks/{callback}"));

    /// <summary>Waits until a callback stands where it is expected or beyond it at its end.</summary>
    public Task<Answer> ReachesAsync(string callback, string status, TimeSpan? limit = null) =>
        ReachesAnyAsync(callback, limit ?? EndLimit, [status]);

    /// <summary>Waits until a callback has ended.</summary>
    public Task<Answer> EndsAsync(string callback, TimeSpan? limit = null) =>
        ReachesAnyAsync(callback, limit ?? EndLimit, ["completed", "failed", "canceled"]);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    async Task<Answer> ReachesAnyAsync(string callback, TimeSpan limit, string[] statuses)
    {
        Answer? last = null;
        return await Waiting.ForAsync(
            $"callback {callback} to be {string.Join(" or ", statuses)}",
            limit,
            async () => (last = await GetAsync(callback)) is { Code: HttpStatusCode.OK } now && statuses.Contains(now.Status) ? now : null,
            () => $"Last answer: {last?.Body}");
    }

    static async Task EnsureAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException(
                $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}", null, answer.StatusCode);
    }
}

/// <summary>An answer of the API.</summary>
/// <param name="Code">Status code.</param>
/// <param name="Body">JSON body.</param>
/// <param name="Location">Location header.</param>
public sealed record Answer(HttpStatusCode Code, JsonElement Body, Uri? Location)
{
    /// <summary>The callback's id.</summary>
    public string Id => Text("id") ?? throw new InvalidOperationException($"No callback in {Code}: {Body}");

    /// <summary>Where the callback stands.</summary>
    public string? Status => Text("status");

    /// <summary>How it ended.</summary>
    public string? Outcome => Text("outcome");

    /// <summary>What it cost in micro-units; null if that is not known yet.</summary>
    public long? Charge => Body.TryGetProperty("charge", out var charge) && charge.ValueKind == JsonValueKind.Object ? charge.GetProperty("micros").GetInt64() : null;

    /// <summary>A text of the body.</summary>
    public string? Text(string name) =>
        Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            var body = text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default;
            return new Answer(response.StatusCode, body, response.Headers.Location);
        }
    }
}
