using OrleansCallback.Web.Errors;

namespace OrleansCallback.Web.Callbacks;

/// <summary>The caller's own name for a request that must not happen twice, from the Idempotency-Key header.</summary>
public static class IdempotencyKey
{
    /// <summary>The header's name.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The longest key that is taken.</summary>
    public const int Longest = 255;

    /// <summary>The key, or the refusal that says what is wrong with it.</summary>
    public static bool TryRead(HttpRequest request, out string key, out Refusal? refusal)
    {
        var values = request.Headers[Header];
        key = values.Count == 1 ? values[0] ?? "" : "";
        refusal = values switch
        {
            { Count: 0 } => Problems.IdempotencyKeyRequired.Because($"Send {Header} with a name of your own for this request; a repeat sends the same."),
            { Count: 1 } when IsUsable(key) => null,
            _ => Problems.IdempotencyKeyInvalid.Because($"Send {Header} once, with 1 to {Longest} printable ASCII characters."),
        };
        return refusal is null;
    }

    static bool IsUsable(string key) => key.Length is > 0 and <= Longest && key.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;
}
