using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansCallback.Web.Operations;

/// <summary>How bodies are written and read.</summary>
public static class JsonSetup
{
    /// <summary>
    /// Snake case throughout; enums under the names of <see cref="Calls.WireName"/>. A member that is not known is an error: a number sent
    /// under a misspelt name must not ring the stored one.
    /// </summary>
    public static WebApplicationBuilder AddJson(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        });
        return builder;
    }
}
