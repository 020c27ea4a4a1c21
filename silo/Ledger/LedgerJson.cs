using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansCallback.Silo.Ledger;

/// <summary>JSON in the ledger's columns: snake case, wire names, money as micro-units, numbers as E.164 text.</summary>
static class LedgerJson
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new MoneyConverter(), new PhoneNumberConverter() },
    };

    [return: NotNullIfNotNull(nameof(value))]
    public static string? Write<T>(T? value) where T : class => value is null ? null : JsonSerializer.Serialize(value, Options);

    [return: NotNullIfNotNull(nameof(text))]
    public static T? Read<T>(string? text) where T : class => text is null
        ? null
        : JsonSerializer.Deserialize<T>(text, Options) ?? throw new FormatException($"The ledger holds no {typeof(T).Name}: {text}");

    sealed class MoneyConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Micros);
    }

    sealed class PhoneNumberConverter : JsonConverter<PhoneNumber>
    {
        public override PhoneNumber Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            PhoneNumber.FromE164(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, PhoneNumber value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.E164);
    }
}
