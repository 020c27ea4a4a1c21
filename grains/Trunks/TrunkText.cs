using System.Text.Json;

namespace OrleansCallback.Trunks;

/// <summary>Trunks as text: to compare them, and to copy them for who may not see all of them.</summary>
static class TrunkText
{
    /// <summary>Whether two trunks are the same in all settings.</summary>
    public static bool AreSame(TrunkOptions one, TrunkOptions other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);

    /// <summary>The same trunk without its password.</summary>
    public static TrunkOptions WithoutPassword(TrunkOptions trunk)
    {
        var copy = JsonSerializer.Deserialize<TrunkOptions>(JsonSerializer.SerializeToUtf8Bytes(trunk))!;
        copy.Password = "";
        return copy;
    }
}
