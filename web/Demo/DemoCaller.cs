using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrleansCallback.Web.Callbacks;
using OrleansCallback.Web.Embedded;

namespace OrleansCallback.Web.Demo;

/// <summary>Does over HTTP what a site's program does: sets up a merchant, places the call, follows it, hangs up.</summary>
public sealed class DemoCaller(Uri address, TimeProvider time) : IDisposable
{
    const string Merchant = "demo";
    const int MostClicks = 3;

    readonly HttpClient http = new() { BaseAddress = address };
    readonly List<DemoStep> steps = [];

    /// <summary>Runs the call to its end.</summary>
    public async Task<DemoCall> CallAsync(DemoOptions options, CancellationToken cancellation)
    {
        await LogInAsync(SeedDirectory.AdminAccount, cancellation);
        await SendAsync(HttpMethod.Put, $"/v1/admin/merchants/{Merchant}", new { name = "Demo", number = options.Merchant.E164, payer = "member" }, cancellation);
        await LogInAsync(SeedDirectory.RichAccount, cancellation);
        var (clicked, id) = await PlaceAsync(options, cancellation);
        var events = await FollowAsync(id, options.Talk, cancellation);
        return new(id, clicked, steps, events);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>
    /// A process that has just started may need longer for its first decision than the API waits; what it then leaves undecided never rings,
    /// so that another click is safe.
    /// </summary>
    async Task<(DateTimeOffset Clicked, string Id)> PlaceAsync(DemoOptions options, CancellationToken cancellation)
    {
        for (var clicks = 1; ; clicks++)
        {
            var clicked = time.GetUtcNow();
            try
            {
                var placed = await SendAsync(HttpMethod.Post, "/v1/callbacks", new { merchant = Merchant, number = options.Member.E164 }, cancellation);
                Saw("HTTP", $"POST /v1/callbacks answered 202{(clicks == 1 ? "" : $" to click {clicks}")}");
                return (clicked, placed!.Value.GetProperty("id").GetString()!);
            }
            catch (DemoBrokenException broken) when (broken.Status == HttpStatusCode.ServiceUnavailable && clicks < MostClicks)
            {
                await Task.Delay(PlaceCallback.RetryWhenUndecided, time, cancellation);
            }
        }
    }

    async Task<IReadOnlyList<DemoEvent>> FollowAsync(string id, TimeSpan talk, CancellationToken cancellation)
    {
        var events = new List<DemoEvent>();
        var hangUp = Task.CompletedTask;
        using var reader = new StreamReader(await http.GetStreamAsync($"/v1/callbacks/{id}/events", cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
                continue;
            var step = DemoEvent.Parse(line["data: ".Length..]);
            events.Add(step);
            Saw("event", $"{step.Number}: {step.Status}{(step.Outcome is null ? "" : $", outcome {step.Outcome}")}");
            if (step.Status == "bridged")
                hangUp = HangUpAsync(id, talk, cancellation);
        }

        await hangUp;
        return events;
    }

    async Task HangUpAsync(string id, TimeSpan talk, CancellationToken cancellation)
    {
        await Task.Delay(talk, time, cancellation);
        Saw("HTTP", "DELETE sent: the member hangs up");
        await SendAsync(HttpMethod.Delete, $"/v1/callbacks/{id}", null, cancellation);
    }

    async Task LogInAsync(string account, CancellationToken cancellation)
    {
        http.DefaultRequestHeaders.Authorization = null;
        var session = await SendAsync(HttpMethod.Post, "/v1/sessions", new { account, password = SeedDirectory.Password }, cancellation);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session!.Value.GetProperty("token").GetString());
    }

    async Task<JsonElement?> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (method == HttpMethod.Post)
            request.Headers.Add(IdempotencyKey.Header, $"demo-{Guid.NewGuid():n}");
        using var answer = await http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new DemoBrokenException($"{method} {path} answered {(int)answer.StatusCode}: {text}", answer.StatusCode);
        if (path == "/v1/callbacks" && answer.StatusCode != HttpStatusCode.Accepted)
            throw new DemoBrokenException($"{method} {path} answered {(int)answer.StatusCode}, not 202.", answer.StatusCode);
        return text.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(text);
    }

    void Saw(string who, string what)
    {
        lock (steps)
            steps.Add(new(time.GetUtcNow(), who, what));
    }
}
