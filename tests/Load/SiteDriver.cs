using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace OrleansCallback.Load;

/// <summary>The site's programs and members: sets up what a run needs and clicks, over the JSON API alone.</summary>
public sealed class SiteDriver : IDisposable
{
    /// <summary>Members that click, unless a run asks for fewer.</summary>
    public const int Members = 50;

    const string Password = "a member's secret";
    const long Plenty = 1_000_000_000_000;

    readonly SocketsHttpHandler handler = new() { MaxConnectionsPerServer = 512, PooledConnectionLifetime = Timeout.InfiniteTimeSpan };
    readonly Uri web;
    readonly List<HttpClient> members = [];

    public SiteDriver(Uri web) => this.web = web;

    /// <summary>A number of its own for every callback, so that the phones' records say which callback they saw.</summary>
    public static string NumberOf(int callback) => string.Create(CultureInfo.InvariantCulture, $"+49151{10_000_000 + callback:00000000}");

    /// <summary>One merchant who is called, members with money in wallets of their own.</summary>
    public async Task SetUpAsync(string admin, string password, int count = Members)
    {
        using var administrator = await LogInAsync(admin, password);
        await EnsureAsync(await administrator.PutAsJsonAsync("/v1/admin/merchants/load", new { name = "Load", description = "", number = "+493023125100", payer = "member" }));
        for (var n = 0; n < count; n++)
        {
            var account = string.Create(CultureInfo.InvariantCulture, $"load-{n}");
            await EnsureAsync(await administrator.PutAsJsonAsync($"/v1/admin/members/{account}", new { name = account, number = "+493023125000", password = Password }));
            using var topUp = new HttpRequestMessage(HttpMethod.Post, $"/v1/finance/wallets/member/{account}/top-ups") { Content = JsonContent.Create(new { micros = Plenty }) };
            topUp.Headers.Add("Idempotency-Key", "load");
            await EnsureAsync(await administrator.SendAsync(topUp));
            members.Add(await LogInAsync(account, Password));
        }
    }

    /// <summary>Clicks; the answer's status code and the callback's id if there is one.</summary>
    public async Task<Click> ClickAsync(int callback)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/callbacks") { Content = JsonContent.Create(new { merchant = "load", number = NumberOf(callback) }) };
        request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"load-{callback}"));
        var at = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await members[callback % members.Count].SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            return new(callback, at, answer.StatusCode, answer.StatusCode == HttpStatusCode.Accepted ? JsonDocument.Parse(body).RootElement.GetProperty("id").GetString() : null);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return new(callback, at, null, null);
        }
    }

    /// <summary>How a callback ended by the API's account.</summary>
    public async Task<string> OutcomeAsync(Click click)
    {
        if (click.Code != HttpStatusCode.Accepted) return click.Code is { } code ? $"http_{(int)code}" : "http_none";
        var body = await members[click.Callback % members.Count].GetFromJsonAsync<JsonElement>($"/v1/callbacks/{click.Id}");
        return body.TryGetProperty("outcome", out var outcome) && outcome.ValueKind == JsonValueKind.String ? outcome.GetString()! : body.GetProperty("status").GetString()!;
    }

    public void Dispose()
    {
        foreach (var member in members) member.Dispose();
        handler.Dispose();
    }

    async Task<HttpClient> LogInAsync(string account, string password)
    {
        var http = new HttpClient(handler, disposeHandler: false) { BaseAddress = web, Timeout = TimeSpan.FromSeconds(20) };
        using var answer = await http.PostAsJsonAsync("/v1/sessions", new { account, password });
        await EnsureAsync(answer);
        var session = await answer.Content.ReadFromJsonAsync<JsonElement>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.GetProperty("token").GetString());
        return http;
    }

    static async Task EnsureAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{answer.RequestMessage?.RequestUri}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}

/// <summary>One click.</summary>
/// <param name="Callback">Its number in the run.</param>
/// <param name="At">Ticks of the monotonic clock when the request was about to leave.</param>
/// <param name="Code">Status code of the answer; null: none came.</param>
/// <param name="Id">The callback's id.</param>
public sealed record Click(int Callback, long At, HttpStatusCode? Code, string? Id);
