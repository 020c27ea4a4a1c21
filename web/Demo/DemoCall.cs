using System.Text.Json;

namespace OrleansCallback.Web.Demo;

/// <summary>One callback as the program that placed it over HTTP saw it.</summary>
/// <param name="Id">The callback.</param>
/// <param name="Clicked">The moment before the request was sent.</param>
/// <param name="Steps">What was answered and told, in order.</param>
/// <param name="Events">The server-sent events, in order.</param>
public sealed record DemoCall(string Id, DateTimeOffset Clicked, IReadOnlyList<DemoStep> Steps, IReadOnlyList<DemoEvent> Events)
{
    /// <summary>The last event; null if none came.</summary>
    public DemoEvent? Final => Events.Count > 0 ? Events[^1] : null;
}

/// <summary>A line of the timeline.</summary>
/// <param name="At">When, on this machine's clock.</param>
/// <param name="Who">Who saw it.</param>
/// <param name="What">What was seen.</param>
public sealed record DemoStep(DateTimeOffset At, string Who, string What);

/// <summary>A server-sent event as it came over the wire.</summary>
/// <param name="Number">Its id.</param>
/// <param name="Status">The status.</param>
/// <param name="Outcome">The outcome of the final one.</param>
/// <param name="ChargeMicros">The charge of the final one.</param>
public sealed record DemoEvent(long Number, string Status, string? Outcome, long? ChargeMicros)
{
    /// <summary>Reads the event's JSON.</summary>
    public static DemoEvent Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var body = document.RootElement;
        return new(
            body.GetProperty("number").GetInt64(),
            body.GetProperty("status").GetString()!,
            body.TryGetProperty("outcome", out var outcome) ? outcome.GetString() : null,
            body.TryGetProperty("charge", out var charge) && charge.ValueKind == JsonValueKind.Object ? charge.GetProperty("micros").GetInt64() : null);
    }

    /// <summary>Whether nothing comes after it.</summary>
    public bool IsFinal => Status is "completed" or "failed" or "canceled";
}
