using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansCallback.Calls;

/// <summary>A call's state as it is stored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CallState))]
public sealed partial class CallStateJson : JsonSerializerContext
{
    /// <summary>Writes the state.</summary>
    public static string Write(CallState state) => JsonSerializer.Serialize(state, Default.CallState);

    /// <summary>Reads what <see cref="Write"/> wrote; throws <see cref="JsonException"/> for anything else.</summary>
    public static CallState Read(string json) =>
        JsonSerializer.Deserialize(json, Default.CallState) ?? throw new JsonException("A call's state is null.");
}
