using System.Text.Json;

namespace OrleansCallback.Trunks;

/// <summary>Trunks as text: to compare them, and to copy them for who may not see all of them.</summary>
static class TrunkText
{
    /// <summary>Whether two trunks are the same in all settings.</summary>
    public static bool AreSame(TrunkOptions one, TrunkOptions other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);

    /// <summary>
    /// Whether the password of two trunks is proven to the same peer for the same account: else who may change trunks and does not know it could
    /// have it proven to himself.
    /// </summary>
    public static bool ProveAlike(TrunkOptions one, TrunkOptions other) =>
        (one.Address, one.Transport, one.Domain, one.Username, one.Register) == (other.Address, other.Transport, other.Domain, other.Username, other.Register);

    /// <summary>The same trunk without its password.</summary>
    public static TrunkOptions WithoutPassword(TrunkOptions trunk)
    {
        var copy = JsonSerializer.Deserialize<TrunkOptions>(JsonSerializer.SerializeToUtf8Bytes(trunk))!;
        copy.Password = "";
        return copy;
    }
}
