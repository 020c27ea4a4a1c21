using System.Text.Json;

namespace OrleansCallback.Trunks;

/// <summary>Copies of trunks for who may not see all of them.</summary>
static class TrunkText
{
    /// <summary>The same trunk without its password.</summary>
    public static TrunkOptions WithoutPassword(TrunkOptions trunk)
    {
        var copy = JsonSerializer.Deserialize<TrunkOptions>(JsonSerializer.SerializeToUtf8Bytes(trunk))!;
        copy.Password = "";
        return copy;
    }
}
