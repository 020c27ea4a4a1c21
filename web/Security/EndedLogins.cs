using System.Collections.Concurrent;
using OrleansCallback.Web.Settings;

namespace OrleansCallback.Web.Security;

/// <summary>
/// The logins that were ended before their time on this node. A ticket carries its own expiry, so an id is kept no longer than that.
/// </summary>
public sealed class EndedLogins(WebOptions options, TimeProvider time)
{
    const int MostIds = 100_000;

    readonly ConcurrentDictionary<string, DateTimeOffset> ended = new(StringComparer.Ordinal);

    /// <summary>Ends a login.</summary>
    public void End(string id)
    {
        if (ended.Count >= MostIds)
            ForgetExpired();
        ended[id] = time.GetUtcNow() + TimeSpan.FromHours(options.LoginHours);
    }

    /// <summary>Whether a login was ended.</summary>
    public bool Contains(string id) => ended.ContainsKey(id);

    void ForgetExpired()
    {
        var now = time.GetUtcNow();
        foreach (var (id, expiry) in ended)
        {
            if (expiry <= now)
                ended.TryRemove(id, out _);
        }
    }
}
