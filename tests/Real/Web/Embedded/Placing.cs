using System.Net.Http.Json;
using System.Text.Json;

namespace OrleansCallback.Tests.Web.Embedded;

/// <summary>What a program that uses the API does.</summary>
static class Placing
{
    public static async Task<HttpResponseMessage> PlaceAsync(this HttpClient http, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/callbacks") { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.False(string.IsNullOrEmpty(text), $"{answer.StatusCode} without a body");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Asserts the status and reads the body.</summary>
    public static async Task<JsonElement> ExpectAsync(this Task<HttpResponseMessage> sent, int status, string? code = null)
    {
        using var answer = await sent;
        var body = await answer.JsonAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}: {body}");
        if (code is not null)
            Assert.Equal(code, body.GetProperty("code").GetString());
        return body;
    }

    /// <summary>The callback's steps until the final one.</summary>
    public static async Task<IReadOnlyList<JsonElement>> FollowAsync(this HttpClient http, string id, Action<JsonElement>? onStep = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var steps = new List<JsonElement>();
        using var reader = new StreamReader(await http.GetStreamAsync($"/v1/callbacks/{id}/events", cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
                continue;
            steps.Add(JsonSerializer.Deserialize<JsonElement>(line[6..]));
            onStep?.Invoke(steps[^1]);
        }

        return steps;
    }

    public static int Number(this JsonElement body, string name) => body.GetProperty(name).GetInt32();

    public static string Text(this JsonElement body, string name) => body.GetProperty(name).GetString() ?? "";
}
